import CallArchive
import FoundationEssentials
import Glibc
import Platform
import Testing

struct MetricsFileTests {
    private let scratch: ScratchFolder
    private var path: String { scratch.path + "/calls.prom" }
    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: scratch.path))?.sorted() ?? []
    }

    init() throws {
        scratch = try ScratchFolder()
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func `it is replaced as a whole and readable by all`() throws {
        try scratch.file("calls.prom", Array("old".utf8))
        chmod(path, 0o600)
        try MetricsFile(path).write("new\n")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new\n")
        #expect(mode(path) == 0o644)
        #expect(names == ["calls.prom"])
    }

    #if DEBUG
        @Test(arguments: [SystemCall.open, .write, .fsync, .rename])
        func `when it can't be written the former one stays, and nothing beside it`(
            call: SystemCall
        ) throws {
            try scratch.file("calls.prom", Array("old".utf8))
            let trace = KernelTrace()
            // The folder is opened first.
            trace.fail(call, nth: call == .open ? 2 : 1, errno: ENOSPC)
            let error = #expect(throws: ArchiveError.self) {
                try MetricsFile(path, kernel: Kernel(trace: trace)).write("new\n")
            }
            #expect(error?.what == "cannot write the metrics file '\(path)'")
            #expect(error?.why.contains("No space left on device") == true)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            #expect(names == ["calls.prom"])
        }
    #endif

    @Test func `only a plain file is replaced`() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
        #expect(throws: ArchiveError.self) { try MetricsFile(path).write("new\n") }
        let link = scratch.path + "/link"
        symlink("/dev/null", link)
        let error = #expect(throws: ArchiveError.self) { try MetricsFile(link).write("new\n") }
        #expect(error?.why == "what stands there is no plain file")
        #expect(throws: ArchiveError.self) {
            try MetricsFile(scratch.path + "/none/x.prom").write("new\n")
        }
        #expect(names == ["calls.prom", "link"])
    }

    @Test func `the last success is read again, of the same archive only`() throws {
        let run = RunFigures(
            exitStatus: 0, finishedAt: Timestamp(milliseconds: 9), elapsed: .zero, outcome: nil)
        let file = MetricsFile(path)
        #expect(file.formerSuccess(archive: "/srv/a") == nil)
        let last = Timestamp(milliseconds: 1_767_323_045_678)
        try file.write(
            MetricsText.render(archive: "/srv/a", run: run, figures: nil, lastSuccess: last))
        #expect(file.formerSuccess(archive: "/srv/a") == last)
        #expect(file.formerSuccess(archive: "/srv/b") == nil)
        try file.write(
            MetricsText.render(archive: "/srv/a", run: run, figures: nil, lastSuccess: nil))
        #expect(file.formerSuccess(archive: "/srv/a") == nil)
        for broken in ["NaN", "1e300", "-1", "x"] {
            try file.write("\(MetricsText.lastSuccessName){archive=\"/srv/a\"} \(broken)\n")
            #expect(file.formerSuccess(archive: "/srv/a") == nil, "\(broken)")
        }
    }
}
