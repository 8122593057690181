import CallArchive
import Glibc
import Platform

/// Where the page is written, and the way from there to the recordings.
struct PagePlace {
    static let name = "report.html"

    let path: String
    /// From the page's folder to the archive: "", or as `../calls/`.
    let base: String

    /// `output` nil: `report.html` in the archive. The archive's own files are refused: a page in
    /// the place of a recording would be the end of it.
    init(archive: String, output: String?) throws(ArchiveError) {
        guard let output else {
            path = archive + "/" + Self.name
            base = ""
            return
        }
        let (folder, name) = ReplacedFile.split(output)
        guard !name.isEmpty, name != ".", name != "..", output != "-" else {
            throw ArchiveError(
                .usage, "invalid --output", why: "\(quoted(output)) is not the path of a file",
                hint: "give the path of a file, as /srv/www/report.html")
        }
        let page = try Self.resolved(folder, of: output)
        let root = try Self.resolved(archive, of: output)
        if page.starts(with: root), page != root || !Self.isFree(name) {
            throw Self.taken(output)
        }
        path = output
        base = Self.way(from: page, to: root)
    }

    private static func isFree(_ name: String) -> Bool {
        name.hasSuffix(".html") || name.hasSuffix(".htm")
    }

    private static func taken(_ output: String) -> ArchiveError {
        ArchiveError(
            .usage, "invalid --output",
            why: "\(quoted(output)) lies among the archive's own files",
            hint: "give a name that ends in .html, at the archive's top or outside of it")
    }

    /// The parts of a folder's real path.
    private static func resolved(
        _ folder: String, of output: String
    ) throws(ArchiveError) -> [Substring] {
        guard let found = unsafe realpath(folder, nil) else {
            throw SystemCallError(call: "open", path: folder, errno: errno)
                .stopping("cannot write the report \(quoted(output))")
        }
        defer { unsafe free(found) }
        return unsafe String(cString: found).split(separator: "/")
    }

    private static func way(from page: [Substring], to root: [Substring]) -> String {
        let shared = zip(page, root).prefix { $0 == $1 }.count
        let steps =
            [Substring](repeating: "..", count: page.count - shared) + root.dropFirst(shared)
        return steps.map { $0 + "/" }.joined()
    }
}
