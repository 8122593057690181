import CallArchive
import CallArchiveCommands
import Glibc
import Testing

struct JournalPriorityTests {
    @Test func `each line of a message has its priority`() {
        let error = Capture()
        let console = Console(output: Capture().sink, error: error.sink, now: { someMoment })
        var style = Console.Style()
        style.hasPriorities = true
        style.verbosity = .verbose
        console.setStyle(style)
        console.fail(ArchiveError(.storage, "what", why: "why", causes: ["c"], hint: "hint"))
        console.log(.warning, "careful\nnow")
        console.log(.debug, "a step")
        console.summary("done", [])
        style.logFormat = .json
        console.setStyle(style)
        console.log(.error, "bad")
        console.finish()
        #expect(
            error.lines.dropLast() == [
                "<3>error: what: why", "<3>  caused by: c", "<3>  hint: hint",
                #"<4>warning: careful\nnow"#, "<7>a step", "<6>callarchive: done",
            ])
        #expect(error.lines.last?.hasPrefix(#"<3>{"time":"#) == true)
    }

    @Test func `the journal is what JOURNAL_STREAM names, not the variable alone`() throws {
        let scratch = try ScratchFolder()
        let file = open(try scratch.file("journal", ""), O_RDONLY)
        defer { close(file) }
        var status = stat()
        #expect(fstat(file, &status) == 0)
        let name = "\(status.st_dev):\(status.st_ino)"
        #expect(isJournal(file, name))
        #expect(!isJournal(file, "\(status.st_dev):\(status.st_ino + 1)"))
        #expect(!isJournal(-1, name))
        for odd in ["", ":", "1", "a:b", name + ":1", "-1:-1", " \(name)"] {
            #expect(!isJournal(file, odd), "\(odd)")
        }
        #expect(!isJournal(file, nil))
    }
}
