import CallArchive
import CallArchiveCommands
import Dispatch
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing

struct ConsoleTests {
    private let output = Capture()
    private let error = Capture()

    private func console(
        sharesTerminal: Bool = false, _ change: (inout Console.Style) -> Void = { _ in }
    ) -> Console {
        let console = Console(
            output: output.sink, error: error.sink, sharesTerminal: sharesTerminal,
            now: { someMoment })
        var style = Console.Style()
        change(&style)
        console.setStyle(style)
        return console
    }

    private func speak(_ console: Console) {
        console.log(.debug, "a step")
        console.log(.info, "a fact")
        console.log(.warning, "a doubt")
        console.log(.error, "a fault")
        console.summary("the end", [.init("exitStatus", .integer(0))])
        console.finish()
    }

    @Test func `normally warnings, errors and the summary are shown`() {
        speak(console())
        #expect(error.text == "warning: a doubt\nerror: a fault\ncallarchive: the end\n")
        #expect(output.text.isEmpty)
    }

    @Test func `quiet shows errors alone`() {
        speak(console { $0.verbosity = .quiet })
        #expect(error.text == "error: a fault\n")
    }

    @Test func `verbose shows everything`() {
        speak(console { $0.verbosity = .verbose })
        #expect(
            error.text
                == "a step\na fact\nwarning: a doubt\nerror: a fault\ncallarchive: the end\n")
    }

    @Test func `the JSON log is JSON to the last line`() throws {
        let console = console { $0.logFormat = .json }
        console.fail(
            ArchiveError(.storage, "what", why: "why\u{1b}", causes: ["cause"], hint: "hint"))
        speak(console)
        struct Line: Decodable { let time: String, level: String, message: String }
        for line in error.lines {
            let read = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
            #expect(read.time == "2026-01-02T03:04:05.678Z")
        }
        try expectSnapshot(error.text, "log.ndjson")
    }

    @Test func `a message cannot write to the terminal`() {
        let console = console()
        console.log(.warning, "\u{1b}[2J\nerror: forged")
        console.finish()
        #expect(error.text == "warning: \\x1b[2J\\nerror: forged\n")
    }

    @Test func `colour marks the word alone`() {
        let console = console { $0.colour = true }
        console.fail(ArchiveError(.storage, "what", why: "why", hint: "hint"))
        console.finish()
        #expect(error.text == "\u{1b}[1;31merror: \u{1b}[0mwhat: why\n  hint: hint\n")
    }

    @Test func `messages push the status line down, the end takes it away`() {
        let console = console()
        console.showStatusLine("1/2 files")
        console.showStatusLine("1/2 files")
        console.log(.warning, "a doubt")
        console.data("data\n")
        console.finish()
        #expect(
            error.text
                == "\r\u{1b}[K1/2 files\r\u{1b}[Kwarning: a doubt\n1/2 files\r\u{1b}[K")
        #expect(output.text == "data\n")
    }

    @Test func `data on the same terminal takes the status line away for the moment`() {
        let console = console(sharesTerminal: true)
        console.showStatusLine("1/2 files")
        console.data("data\n")
        console.finish()
        #expect(error.text == "\r\u{1b}[K1/2 files\r\u{1b}[K1/2 files\r\u{1b}[K")
    }

    @Test func `a reader that left is noticed and forgiven`() {
        let console = console()
        console.data("one\n")
        console.finish()
        output.refuse(with: .closed)
        console.data("two\n")
        console.finish()
        #expect(output.text == "one\n")
        #expect(console.outputIsClosed && console.outputTrouble == nil)
        output.refuse(with: .failed(ENOSPC))
        console.log(.warning, "still here")
        console.finish()
        #expect(error.text == "warning: still here\n")
    }

    @Test func `a full disk behind standard output is remembered`() {
        let console = console()
        output.refuse(with: .failed(ENOSPC))
        console.data("one\n")
        console.finish()
        #expect(console.outputTrouble == ENOSPC)
    }

    @Test func `a reader that is stuck holds nothing up in a hurry`() {
        let gate = DispatchSemaphore(value: 0)
        let stuck = Console(
            output: { _ in
                gate.wait()
                return .written
            }, error: error.sink)
        let block = [UInt8](repeating: 0x78, count: 1 << 20)
        stuck.hurry()
        let start = ContinuousClock.now
        for _ in 0..<20 { stuck.data(block) }
        #expect(!stuck.outputIsClosed)
        stuck.log(.warning, "still talking")
        stuck.finish()
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(error.text == "warning: still talking\n")
        for _ in 0..<20 { gate.signal() }
        stuck.finish()
    }

    @Test func `a descriptor's sink writes all of it through a narrow pipe`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        let (reader, writer) = (ends[0], ends[1])
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let queue = DispatchQueue(label: "reader")
        let received = Locked<[UInt8]>([])
        queue.async {
            var chunk = [UInt8](repeating: 0, count: 1000)
            while true {
                let count = read(reader, &chunk, chunk.count)
                if count == 0 { return }
                if count > 0 { received.withLock { $0 += chunk[..<count] } }
            }
        }
        #expect(descriptorSink(writer)(sent) == .written)
        close(writer)
        queue.sync {}
        close(reader)
        #expect(received.withLock { $0 } == sent)
    }

    @Test func `a closed pipe and a closed descriptor are told apart from failures`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        #expect(descriptorSink(ends[1])([1]) == .closed)
        close(ends[1])
        #expect(descriptorSink(9999)([1]) == .closed)
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        #expect(descriptorSink(full)([1]) == .failed(ENOSPC))
        close(full)
    }
}
