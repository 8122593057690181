import Glibc
import Platform

/// Reads a catalog's structure, owner and last runs.
struct CatalogExamination {
    /// A nightly run that has not ended well for so long (ms) is worth a word.
    private static let patience: Int64 = 50 * 3_600_000

    let path: String
    let account: String
    let now: Timestamp
    let isHeld: Bool
    let tell: FindingSink

    func run() {
        let file = "\(path)/\(ArchiveFolder.controlName)/\(ArchiveFolder.catalogName)"
        var status = stat()
        guard unsafe lstat(file, &status) == 0, status.st_size > 0 else {
            tellAbsence()
            return
        }
        do throws(CatalogError) {
            let health = try Catalog.examine(file)
            tell(structure(health))
            if let owner = health.account { tell(ownership(owner)) }
            tell(lastRun(health))
        } catch {
            tell(.error(.catalog, error.stopping(archive: path)))
        }
    }

    private func tellAbsence() {
        let names = [ManifestWriter.manifestName, ManifestWriter.checksumsName]
        guard let source = names.first(where: { unsafe access("\(path)/\($0)", F_OK) == 0 }) else {
            tell(.ok(.catalog, "there is none yet; the first sync makes it"))
            return
        }
        tell(
            .warning(
                .catalog, "it is missing, though there is a \(source)",
                mend: "callarchive rebuild '\(path)', or the next sync, makes it anew"))
    }

    private func structure(_ health: CatalogHealth) -> Finding {
        if let complaint = health.complaint {
            return .error(
                .catalog, CatalogError(.damaged, complaint).stopping(archive: path))
        }
        let version = "schema version \(health.version), its structure is whole"
        return .ok(
            .catalog,
            health.version < CatalogSchema.migrations.count
                ? "\(version); the next sync brings it to version \(CatalogSchema.migrations.count)"
                : version)
    }

    private func ownership(_ owner: String) -> Finding {
        guard account.isEmpty || owner == account else {
            return .error(
                .account,
                CatalogError(.foreign, "it belongs to account '\(owner)', not '\(account)'")
                    .stopping(archive: path))
        }
        return .ok(.account, "the archive belongs to account '\(owner)'")
    }

    private func lastRun(_ health: CatalogHealth) -> Finding {
        guard let run = health.lastRun else {
            return .ok(.lastRun, "there was none yet")
        }
        let started = "the last run began at \(run.startedAt.iso8601)"
        guard let finished = run.finishedAt, let code = run.exitStatus else {
            if isHeld { return .ok(.lastRun, "\(started) and is still under way") }
            return .warning(
                .lastRun, "\(started) and ended without a word",
                mend: "run sync: it goes on from there")
        }
        let age = now.milliseconds - finished.milliseconds
        if code != 0 {
            let good = health.lastGoodRun.map { "the last good one ended at \($0.iso8601)" }
            return .warning(
                .lastRun,
                "\(started) and ended with status \(code)"
                    + (run.error.map { " (\($0))" } ?? "")
                    + "; \(good ?? "no run has ended well yet")",
                mend: "callarchive status '\(path)' tells what is missing; run sync again")
        }
        guard age <= Self.patience else {
            return .warning(
                .lastRun, "the last run ended well, but \(Finding.span(age)) ago",
                mend: "see that cron or the timer still starts it; the provider deletes "
                    + "recordings after a while")
        }
        return .ok(.lastRun, "it ended well, \(Finding.span(age)) ago")
    }
}
