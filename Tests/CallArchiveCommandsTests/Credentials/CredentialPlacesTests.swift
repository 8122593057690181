import CallArchive
import CallArchiveCommands
import FoundationEssentials
import Platform
import Testing
import Transfer

struct CredentialPlacesTests {
    private let token = "t-canary-token"
    private let secret = "s-canary-secret"
    private var json: String { "{\"token\": \"\(token)\", \"secret\": \"\(secret)\"}" }

    private func find(
        _ environment: [String: String] = [:], file: String? = nil, user: UInt32 = currentUser()
    ) throws(ArchiveError) -> (token: String, secret: String, place: String) {
        let places = CredentialPlaces(
            surroundings: Surroundings(environment: environment, user: user), file: file,
            baseURL: .standard)
        let found = try places.find()
        return (
            found.credentials.token.reveal(), found.credentials.secret.reveal(), found.place
        )
    }

    private func complaint(
        _ environment: [String: String] = [:], file: String? = nil, user: UInt32 = currentUser()
    ) -> String {
        do {
            _ = try find(environment, file: file, user: user)
            return ""
        } catch {
            #expect(error.kind == .usage)
            let text = ErrorText.render(error)
            #expect(!text.contains("canary") && !"\(error)".contains("canary"))
            return text
        }
    }

    @Test func `the first place that has them wins`() throws {
        let folder = try ScratchFolder()
        let file = try folder.file("f", #"{"token": "file", "secret": "1"}"#)
        _ = try folder.file("callarchive", #"{"token": "systemd", "secret": "2"}"#)
        _ = try folder.file(
            ".netrc", "machine api.catapult.inetwork.com login netrc password 3")
        var environment = [
            "CALLARCHIVE_TOKEN": "own", "CALLARCHIVE_SECRET": "4",
            "BANDWIDTH_API_TOKEN": "bandwidth", "BANDWIDTH_API_SECRET": "5",
            "CREDENTIALS_DIRECTORY": folder.path, "HOME": folder.path,
        ]
        #expect(try find(environment, file: file).token == "own")
        environment["CALLARCHIVE_TOKEN"] = nil
        environment["CALLARCHIVE_SECRET"] = ""
        #expect(try find(environment, file: file).token == "bandwidth")
        environment["BANDWIDTH_API_TOKEN"] = nil
        environment["BANDWIDTH_API_SECRET"] = nil
        #expect(try find(environment, file: file).token == "file")
        #expect(try find(environment).token == "systemd")
        environment["CREDENTIALS_DIRECTORY"] = nil
        let last = try find(environment)
        #expect(last.token == "netrc" && last.secret == "3")
        environment["NETRC"] = folder.path + "/nothing"
        #expect(complaint(environment).contains("nothing': it does not exist"))
    }

    @Test func `one of a pair alone names the other`() {
        #expect(
            complaint(["CALLARCHIVE_TOKEN": token])
                == """
                error: incomplete credentials: CALLARCHIVE_TOKEN is set, CALLARCHIVE_SECRET is not
                  hint: set both, or neither to look further

                """)
        #expect(
            complaint(["BANDWIDTH_API_SECRET": secret])
                .contains("BANDWIDTH_API_SECRET is set, BANDWIDTH_API_TOKEN is not"))
    }

    @Test func `no credentials at all names every place`() throws {
        try expectSnapshot(complaint(["HOME": "/nonexistent"]), "credentials-missing.txt")
    }

    @Test(arguments: [0o600, 0o400, 0o700])
    func `a private file is read`(mode: Int) throws {
        let folder = try ScratchFolder()
        let found = try find(file: try folder.file("f", json, mode: mode))
        #expect(found.token == token && found.secret == secret)
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o620, 0o602, 0o610, 0o666])
    func `a file that others can open is refused`(mode: Int) throws {
        let folder = try ScratchFolder()
        let file = try folder.file("f", json, mode: mode)
        #expect(
            complaint(file: file)
                == """
                error: refused the credentials in '\(file)': other users can open it (mode 0\(String(mode, radix: 8)))
                  hint: chmod 600 \(file)

                """)
        let netrc = try folder.file(
            "n", "machine api.catapult.inetwork.com login \(token) password \(secret)", mode: mode)
        #expect(complaint(["NETRC": netrc]).contains("other users can open it"))
    }

    @Test func `another user's file is refused, root's is not`() throws {
        let folder = try ScratchFolder()
        let file = try folder.file("f", json)
        let text = complaint(file: file, user: currentUser() + 1)
        if currentUser() == 0 {
            #expect(text == "")
        } else {
            #expect(text.contains("it belongs to another user"))
        }
        let foreign = Surroundings(
            environment: [:], read: { _ in .success(FoundFile(bytes: [], mode: 0o600, owner: 7)) },
            user: 8)
        let places = CredentialPlaces(surroundings: foreign, file: "/x", baseURL: .standard)
        let error = #expect(throws: ArchiveError.self) { try places.find() }
        #expect(error?.why == "it belongs to another user (uid 7)")
    }

    @Test func `systemd's own access list, which shows as the group's right, is none of others`() {
        func complaint(_ mode: UInt32, owner: UInt32, isFromManager: Bool = true) -> String {
            let file = FoundFile(bytes: Array(json.utf8), mode: mode, owner: owner)
            let folder = ["CREDENTIALS_DIRECTORY": "/run/credentials/x.service"]
            let places = CredentialPlaces(
                surroundings: Surroundings(
                    environment: isFromManager ? folder : [:], read: { _ in .success(file) },
                    user: 8),
                file: isFromManager ? nil : "/x", baseURL: .standard)
            do {
                _ = try places.find()
                return ""
            } catch {
                return error.why
            }
        }
        #expect(complaint(0o440, owner: 0) == "")
        #expect(complaint(0o400, owner: 8) == "")
        for (mode, owner) in [(0o444, 0), (0o460, 0), (0o440, 8)] as [(UInt32, UInt32)] {
            #expect(complaint(mode, owner: owner).contains("other users can open it"))
        }
        #expect(complaint(0o440, owner: 0, isFromManager: false).contains("other users can open"))
    }

    @Test func `the credential of one archive among several may be systemd's, too`() throws {
        let file = FoundFile(bytes: Array(json.utf8), mode: 0o440, owner: 0)
        let places = CredentialPlaces(
            surroundings: Surroundings(
                environment: ["CREDENTIALS_DIRECTORY": "/run/credentials/x.service"],
                read: { _ in .success(file) }, user: 8),
            file: nil, baseURL: .standard, archiveName: "acme")
        #expect(try places.find().place.contains("callarchive-acme"))
    }

    @Test func `a folder, a device and a missing file are refused`() throws {
        let folder = try ScratchFolder()
        #expect(complaint(file: folder.path).contains("it is a folder"))
        #expect(complaint(file: "/dev/null").contains("it is not a regular file"))
        #expect(complaint(file: folder.path + "/none").contains("it does not exist"))
    }

    @Test(arguments: [
        "", "{}", #"{"token": "t-canary-token"}"#, "t-canary-token:s-canary-secret",
        #"{"token": "t-canary-token", "secret": 5}"#, #"["t-canary-token"]"#,
        #"{"token": "", "secret": "s-canary-secret"}"#,
        #"{"token": "t-canary-token", "secret": "s-canary-secret\n"}"#,
        #"{"token": "t:canary-token", "secret": "s-canary-secret"}"#,
    ])
    func `a wrong file never shows what stands in it`(text: String) throws {
        let folder = try ScratchFolder()
        let complaint = complaint(file: try folder.file("f", text))
        #expect(complaint.hasPrefix("error: "))
    }

    @Test func `content in place of a path is not repeated`() {
        #expect(complaint(file: json).contains("change the secret"))
    }

    @Test func `settings and options never show credentials`() throws {
        var options = Options()
        let found = try CredentialPlaces(
            surroundings: Surroundings(
                environment: ["CALLARCHIVE_TOKEN": token, "CALLARCHIVE_SECRET": secret]),
            file: nil, baseURL: .standard
        ).find()
        options.sync.credentials = found.credentials
        var dumped = ""
        dump(options, to: &dumped)
        #expect(!"\(options)\(String(reflecting: options))\(dumped)".contains("canary"))
    }
}
