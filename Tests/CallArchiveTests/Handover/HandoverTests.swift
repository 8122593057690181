import CatapultSimulator
import Dispatch
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing

@testable import CallArchive

/// Whole syncs that hand their recordings to real programs.
struct HandoverTests {
    /// A script beside the archive, whose folder for notes is its `$notes`.
    private func program(_ bench: SyncBench, _ script: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: notes(bench), withIntermediateDirectories: true)
        let text = "#!/bin/sh\nnotes='\(notes(bench))'\n" + script + "\n"
        let path = try bench.scratch.file("program", Array(text.utf8))
        chmod(path, 0o700)
        return path
    }

    private func notes(_ bench: SyncBench) -> String { bench.scratch.path + "/notes" }

    private func note(_ bench: SyncBench, _ name: String) -> [String] {
        let text = try? String(contentsOfFile: "\(notes(bench))/\(name)", encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    private func addRecordings(_ bench: SyncBench, _ ids: String...) {
        bench.simulator.update(
            ids.map { RecordingPatch(id: $0, state: "complete", size: 4 << 10) })
    }

    private func sync(
        _ bench: SyncBench, _ program: String?, _ change: (inout SyncSettings) -> Void = { _ in }
    ) throws -> SyncRun {
        try bench.sync {
            $0.handover.program = program
            $0.handover.environment = ["PATH": "/usr/bin:/bin"]
            change(&$0)
        }
    }

    private func failures(_ run: SyncRun) -> [(id: String, attempts: Int, message: String)] {
        run.log.events.compactMap {
            guard case .handoverFailed(let entry, let attempts, let message) = $0 else {
                return nil
            }
            return (entry.id, attempts, message)
        }
    }

    @Test func `each new recording is handed over once, with its file and its entry`() throws {
        let bench = try SyncBench(count: 5, size: 4 << 10)
        let program = try program(
            bench,
            #"""
            test -s "$1" && test $# = 1 || exit 9
            read -r entry
            echo "$1" >>"$notes/files"
            printf '%s\n' "$entry" >>"$notes/entries"
            """#)
        let run = try sync(bench, program)
        #expect(run.outcome.handedOver == 5 && run.outcome.handoversLeft == 0)
        #expect(failures(run).isEmpty)
        let entries = run.entries.values
        #expect(Set(note(bench, "files")) == Set(entries.map { "\(bench.path)/\($0.file ?? "")" }))
        #expect(
            Set(note(bench, "entries"))
                == Set(
                    entries.map { String(decoding: ManifestEntryJSON.bytes($0), as: UTF8.self) }))
        let again = try sync(bench, program)
        #expect(again.outcome.handedOver == 0 && note(bench, "files").count == 5)
        addRecordings(bench, "n-1", "n-2")
        #expect(try sync(bench, program).outcome.handedOver == 2)
        #expect(Set(note(bench, "files")).count == 7 && note(bench, "files").count == 7)
    }

    @Test func `a failure is told with its last words, and offered again until it is taken`() throws
    {
        let bench = try SyncBench(count: 3, size: 4 << 10)
        let program = try program(
            bench,
            #"""
            case $1 in
            *r-000002*) test -e "$notes/mended" || { echo 'no such codec' >&2; exit 4; } ;;
            esac
            echo "$1" >>"$notes/taken"
            """#)
        let first = try sync(bench, program)
        #expect(first.outcome.handedOver == 2 && first.outcome.handoversFailed == 1)
        #expect(first.outcome.handoversLeft == 1 && first.archivedCount == 3)
        #expect(failures(first).map(\.id) == ["r-000002"])
        #expect(failures(first).first?.message == "it ended with status 4: no such codec")
        let second = try sync(bench, program)
        #expect(failures(second).first?.attempts == 2)
        #expect(second.outcome.handoversFailed == 1)
        // A run without it says and does nothing of it.
        #expect(try sync(bench, nil).outcome.handoversFailed == 0)
        _ = try bench.scratch.file("notes/mended", [])
        let third = try sync(bench, program)
        #expect(third.outcome.handedOver == 1 && third.outcome.handoversLeft == 0)
        #expect(note(bench, "taken").count == 3)
    }

    @Test func `an old archive's recordings are left out, those of a run without it are not`()
        throws
    {
        let bench = try SyncBench(count: 3, size: 4 << 10)
        let program = try program(bench, #"echo "$1" >>"$notes/files""#)
        _ = try sync(bench, nil)
        let first = try sync(bench, program)
        #expect(first.outcome.handedOver == 0 && first.outcome.handoversLeft == 0)
        let notice = "(3 recordings) is not handed over"
        #expect(first.log.notices(.info).contains { $0.contains(notice) })
        addRecordings(bench, "n-1")
        _ = try sync(bench, nil)
        addRecordings(bench, "n-2")
        #expect(try sync(bench, program).outcome.handedOver == 2)
        #expect(note(bench, "files").count == 2)
    }

    @Test func `a lost catalog loses nothing that the program has not taken`() throws {
        let bench = try SyncBench(count: 6, size: 4 << 10)
        let program = try program(
            bench,
            #"""
            case $1 in *r-000004*) test -e "$notes/mended" || exit 1 ;; esac
            basename "$1" >>"$notes/taken"
            """#)
        let first = try sync(bench, program)
        #expect(first.outcome.handoversFailed == 1)
        let failing = try #require(first.entries["r-000004"]?.sequence)
        let catalog = "\(bench.path)/.callarchive/catalog.sqlite"
        try FileManager.default.removeItem(atPath: catalog)
        #expect(try sync(bench, program).outcome.handoversFailed == 1)
        #expect(try sync(bench, nil).outcome.error == nil)
        try FileManager.default.removeItem(atPath: catalog)
        _ = try RebuildRun(archive: bench.path, account: nil).run { _ in }
        try Data().write(to: URL(filePath: "\(notes(bench))/mended"))
        let mended = try sync(bench, program)
        #expect(mended.outcome.handoversFailed == 0 && mended.outcome.handoversLeft == 0)
        // What lies before the first that it had not taken is not offered again.
        #expect(mended.outcome.handedOver == 6 - Int(failing) + 1)
        #expect(Set(note(bench, "taken")).count == 6)
        let mark = try bench.bytes(".callarchive/handed-over")
        let last = mended.entries.values.compactMap(\.sequence).max() ?? 0
        #expect(String(decoding: mark, as: UTF8.self) == "\(last)\n")

        // A number that nobody can read tells nothing: once more is better than never.
        try Data("many\n".utf8).write(
            to: URL(filePath: "\(bench.path)/.callarchive/handed-over"))
        try FileManager.default.removeItem(atPath: catalog)
        #expect(try sync(bench, program).outcome.handedOver == 6)
        addRecordings(bench, "n-1")
        #expect(try sync(bench, program).outcome.handedOver == 1)
    }

    @Test func `so many run at once as are allowed`() throws {
        let bench = try SyncBench(count: 9, size: 4 << 10)
        let program = try program(
            bench, #"echo + >>"$notes/log"; sleep 0.3; echo - >>"$notes/log""#)
        let run = try sync(bench, program) { $0.handover.jobs = 3 }
        #expect(run.outcome.handedOver == 9)
        var (now, most) = (0, 0)
        for line in note(bench, "log") {
            now += line == "+" ? 1 : -1
            most = max(most, now)
        }
        #expect(most > 1 && most <= 3)
    }

    @Test func `a program that waits for the whole archive holds up no download`() throws {
        let bench = try SyncBench(count: 40, size: 4 << 10)
        let program = try program(
            bench,
            #"""
            day=${1%/*} root=${1%/recordings/*}
            while test "$(find "$root/recordings" -name '*.wav' | wc -l)" -lt 40; do sleep 0.1; done
            """#)
        let run = try sync(bench, program) {
            $0.handover.jobs = 1
            $0.handover.timeout = .seconds(120)
        }
        #expect(run.archivedCount == 40 && run.outcome.handedOver == 40)
    }

    @Test func `one that takes too long is stopped with its group, and is a failure`() throws {
        let bench = try SyncBench(count: 1, size: 4 << 10)
        let program = try program(bench, #"sleep 600 & echo $! >>"$notes/sleeper"; wait"#)
        let run = try sync(bench, program) { $0.handover.timeout = .seconds(1) }
        #expect(failures(run).first?.message == "it took longer than 1 s and was stopped")
        let sleeper = try #require(note(bench, "sleeper").first.flatMap { pid_t($0) })
        #expect(isGone(sleeper))
        #expect(run.outcome.elapsed < .seconds(60))
    }

    private func isGone(_ process: pid_t) -> Bool {
        for _ in 0..<500 {
            let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            guard let status else { return true }
            if status.split(separator: ")").last?.hasPrefix(" Z") == true { return true }
            usleep(10_000)
        }
        return false
    }

    @Test(arguments: ["exec sleep 600", "trap '' TERM; sleep 600"])
    func `an interrupted run ends soon, and what was cut is offered again`(script: String) throws {
        let bench = try SyncBench(count: 2, size: 4 << 10)
        let hanging = try program(bench, #"echo $$ >>"$notes/started"; "# + script)
        var settings = bench.settings
        settings.handover.program = hanging
        settings.handover.environment = ["PATH": "/usr/bin:/bin"]
        let log = EventLog()
        let sync = Sync(settings: settings, observer: log)
        let signalled = Locked<Int64>(0)
        let started = notes(bench) + "/started"
        DispatchQueue(label: "test.interrupt").async {
            for _ in 0..<600 {
                let text = try? String(contentsOfFile: started, encoding: .utf8)
                if text?.filter({ $0 == "\n" }).count == 2 { break }
                usleep(50_000)
            }
            signalled.withLock { $0 = MonotonicClock.now() }
            sync.interrupt(signal: SIGTERM)
        }
        let outcome = try sync.run()
        #expect(MonotonicClock.now() - signalled.withLock { $0 } < 4_000_000_000)
        #expect(outcome.interruptedBy == SIGTERM && outcome.handoversFailed == 0)
        #expect(outcome.handoversLeft == 2)
        for process in note(bench, "started") {
            #expect(isGone(try #require(pid_t(process))))
        }
        let quick = try program(bench, #"echo "$1" >>"$notes/files""#)
        #expect(try self.sync(bench, quick).outcome.handedOver == 2)
    }

    @Test func `a program that always fails is not run for all of them`() throws {
        let bench = try SyncBench(count: 30, size: 4 << 10)
        let program = try program(bench, #"echo x >>"$notes/runs"; exit 1"#)
        let run = try sync(bench, program) { $0.handover.jobs = 1 }
        #expect(note(bench, "runs").count == HandoverOutage.most)
        #expect(run.outcome.handoversFailed == HandoverOutage.most)
        #expect(run.outcome.handoversLeft == 30 && run.archivedCount == 30)
        #expect(run.log.notices(.error).contains { $0.contains("the last 20 failed") })
        // Those that were never tried come first.
        let second = try sync(bench, program) { $0.handover.jobs = 1 }
        #expect(Set(failures(second).filter { $0.attempts == 1 }.map(\.id)).count == 10)
    }

    @Test func `one that can't be started is said once, and nothing is lost`() throws {
        let bench = try SyncBench(count: 3, size: 4 << 10)
        let path = try bench.scratch.file("text", Array("exit 0\n".utf8))
        chmod(path, 0o700)
        let run = try sync(bench, path)
        #expect(run.archivedCount == 3 && run.outcome.handoversFailed == 1)
        #expect(failures(run).first?.message.contains("begins with #!") == true)
        #expect(run.log.notices(.error).count == 1)
        #expect(run.outcome.handoversLeft == 3)
    }

    @Test func `one that isn't there ends the run before it begins`() throws {
        let bench = try SyncBench(count: 1)
        let plain = try bench.scratch.file("plain", [])
        for (program, why) in [
            ("/no/such/program", "there is no such file"), (plain, "it is not executable"),
            (bench.scratch.path, "it is a folder"), ("no-such-program", "no folder of PATH has it"),
            ("sox FILE", "no folder of PATH has it"),
        ] {
            let error = #expect(throws: ArchiveError.self) { try sync(bench, program) }
            #expect(error?.kind == .usage && error?.why == why)
        }
        #expect(!FileManager.default.fileExists(atPath: bench.path))
        #expect(bench.simulator.log().isEmpty)
        // Found by name alone.
        #expect(try sync(bench, "true").outcome.handedOver == 1)
    }

    @Test func `no process starts after the run's time is over`() throws {
        let bench = try SyncBench(count: 6, size: 4 << 10)
        let program = try program(bench, #"echo x >>"$notes/runs"; sleep 2"#)
        let run = try sync(bench, program) {
            $0.maxDuration = .seconds(3)
            $0.handover.jobs = 1
        }
        #expect(run.archivedCount == 6)
        #expect(run.outcome.handedOver < 6 && run.outcome.handedOver > 0)
        #expect(run.outcome.handoversLeft == 6 - run.outcome.handedOver)
        #expect(run.outcome.budgetReached && run.outcome.handoversFailed == 0)
    }
}
