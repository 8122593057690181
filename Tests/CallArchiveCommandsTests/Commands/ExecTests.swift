import CallArchive
import CallArchiveCommands
import FoundationEssentials
import Glibc
import Testing

extension CommandTests {
    /// `sync --exec` as its user sees it.
    @Suite struct ExecTests {
        private func program(_ archive: SimulatedArchive, _ script: String) throws -> String {
            let path = archive.path + "-program"
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
            chmod(path, 0o700)
            return path
        }

        @Test func `a run whose program takes everything is as quiet as one without it`() throws {
            let archive = try SimulatedArchive()
            let program = try program(archive, "echo words; echo more >&2")
            let ended = archive.run("sync --exec \(program)")
            #expect(ended.status == 0 && ended.output.text.isEmpty)
            #expect(ended.error.lines.count == 1)
            #expect(ended.error.text.hasPrefix("callarchive: 8 archived (128.0 KiB), 8 in all"))
            let verbose = try SimulatedArchive()
            let said = verbose.run("sync --verbose --exec \(program)").error.text
            #expect(said.contains("--exec took 'r-000001' in "))
            #expect(said.contains(" s: more\n"))
        }

        @Test func `a failure is an error line, a remark in the summary and status 3`() throws {
            let archive = try SimulatedArchive()
            let program = try program(
                archive, #"case $1 in *r-000002*) printf 'a\033[31m\nbad\n' >&2; exit 5;; esac"#)
            let ended = archive.run("sync --exec \(program)")
            #expect(ended.status == 3)
            #expect(
                ended.error.text.contains(
                    "error: --exec failed for recording 'r-000002': it ended with status 5: "
                        + #"a\x1b[31m | bad"# + "\n"))
            #expect(ended.error.text.contains("; --exec failed for 1 recording\n"))
            #expect(archive.run("status").output.text.contains("\nLeft for --exec: 1 recording, "))
            #expect(archive.run("status --json").output.text.contains(#""handoversLeft":1,"#))
            let again = archive.run("sync --json --exec \(program)")
            #expect(again.status == 3)
            #expect(again.error.text.contains("'r-000002' (2 times by now): "))
            #expect(again.output.text.contains(#""event":"handoverFailed","id":"r-000002""#))
            #expect(again.output.text.contains(#""handoversFailed":1,"handoversLeft":1"#))
        }

        @Test func `a program that is not there is a mistake of usage`() throws {
            let archive = try SimulatedArchive()
            let ended = archive.run("sync --exec /no/such/program")
            #expect(ended.status == 2)
            #expect(
                ended.error.text
                    == "error: cannot run '/no/such/program' (--exec): there is no such file\n"
                    + "  hint: give the path of a program; it is run without a shell\n")
            #expect(!FileManager.default.fileExists(atPath: archive.path))
        }

        @Test func `programs get the environment without credentials`() {
            let surroundings = Surroundings(environment: [
                "PATH": "/bin", "HOME": "/h", "CALLARCHIVE_USER_ID": "u-1",
                "CALLARCHIVE_TOKEN": "x", "CALLARCHIVE_SECRET": "x", "BANDWIDTH_API_TOKEN": "x",
                "BANDWIDTH_API_SECRET": "x", "BANDWIDTH_USER_ID": "u-2",
                "CREDENTIALS_DIRECTORY": "/run/x", "CALLARCHIVE_PING_URL": "https://x/y",
            ])
            #expect(
                surroundings.programEnvironment == [
                    "PATH": "/bin", "HOME": "/h", "CALLARCHIVE_USER_ID": "u-1",
                    "BANDWIDTH_USER_ID": "u-2",
                ])
        }
    }
}
