package import CallArchive
import FoundationEssentials
package import Transfer

/// A JSON file `{"token": "…", "secret": "…"}` that only its owner can read.
package enum CredentialsFile {
    /// A file that isn't there may be looked for elsewhere; anything else ends the search.
    package struct Failure: Error {
        package let error: ArchiveError
        package let isAbsence: Bool
    }

    /// `isFromManager`: the service manager has put it there, in a folder that it guards.
    package static func read(
        _ path: String, _ surroundings: Surroundings, isFromManager: Bool = false
    ) throws(ArchiveError) -> Result<Credentials, Failure> {
        // Somebody may have given the content in place of the path: it is not repeated.
        guard !path.hasPrefix("{") else {
            throw ArchiveError(
                .usage, "--credentials-file needs the path of a file",
                why: "what is given is the content of one",
                hint: "change the secret: other users could have seen it")
        }
        switch surroundings.read(path) {
        case .failure(let trouble):
            return .failure(
                Failure(
                    error: ArchiveError(
                        .usage, "cannot read the credentials file \(quoted(path))",
                        why: trouble.why),
                    isAbsence: trouble.isAbsence))
        case .success(let file):
            var file = file
            // systemd lets the service in by an ACL, whose mask shows as the group's right.
            if isFromManager, file.owner == 0 { file.mode &= ~0o040 }
            try checkPrivate(file, path: path, user: surroundings.user)
            return .success(try parse(file.bytes, path: path))
        }
    }

    /// Refuses what others can read, or could have put there.
    package static func checkPrivate(
        _ file: FoundFile, path: String, user: UInt32
    ) throws(ArchiveError) {
        let what = "refused the credentials in \(quoted(path))"
        guard file.isRegular else {
            throw ArchiveError(.usage, what, why: "it is not a regular file")
        }
        guard file.owner == user || file.owner == 0 else {
            throw ArchiveError(
                .usage, what, why: "it belongs to another user (uid \(file.owner))",
                hint: "chown \(user) \(shellWord(path))")
        }
        guard file.mode & 0o077 == 0 else {
            throw ArchiveError(
                .usage, what,
                why: "other users can open it (mode \(octal(file.mode)))",
                hint: "chmod 600 \(shellWord(path))")
        }
    }

    private static func parse(_ bytes: [UInt8], path: String) throws(ArchiveError) -> Credentials {
        struct Shape: Decodable {
            let token: String
            let secret: String
        }
        // The decoder's own words may repeat what stands in the file.
        guard String(validating: bytes, as: UTF8.self) != nil,
            let shape = try? JSONDecoder().decode(Shape.self, from: Data(bytes))
        else {
            throw ArchiveError(
                .usage, "cannot read the credentials file \(quoted(path))",
                why: "it is not JSON with a token and a secret",
                hint: #"write {"token": "…", "secret": "…"}"#)
        }
        return try CredentialPlaces.checked(
            token: shape.token, secret: shape.secret, place: quoted(path))
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode & 0o777, radix: 8)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension Result where Success == Credentials, Failure == CredentialsFile.Failure {
    /// Absence is an error too where the file was asked for by name.
    func get() throws(ArchiveError) -> Credentials {
        switch self {
        case .success(let credentials): return credentials
        case .failure(let failure): throw failure.error
        }
    }
}

/// A text as one word of a shell command.
package func shellWord(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || "/._-+,@:".utf8.contains(byte)
    }
    if plain, !text.isEmpty, !text.hasPrefix("-") { return text }
    var word = "'"
    for character in text { word += character == "'" ? #"'\''"# : String(character) }
    return word + "'"
}
