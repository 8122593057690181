package import Platform

/// The logins of a netrc file.
///
/// Words are separated by white space and may stand in double quotes with backslash escapes; `#`
/// begins a comment where a word would begin; a `macdef` runs to the next empty line.
package struct Netrc: Sendable {
    package struct Login: Sendable {
        package let name: Secret
        package let password: Secret
    }

    private struct Machine {
        /// nil for `default`.
        let host: String?
        var name: String?
        var password: String?
    }

    private var machines: [Machine] = []

    package init(_ bytes: [UInt8]) {
        var words = NetrcWords(bytes)
        while let word = words.next() {
            switch word {
            case "machine":
                if let host = words.next() { machines.append(Machine(host: host.lowercased())) }
            case "default": machines.append(Machine(host: nil))
            case "login": set(\.name, words.next())
            case "password": set(\.password, words.next())
            case "account": _ = words.next()
            case "macdef": words.skipMacro()
            default: break
            }
        }
    }

    private mutating func set(_ field: WritableKeyPath<Machine, String?>, _ text: String?) {
        guard let last = machines.indices.last else { return }
        machines[last][keyPath: field] = text
    }

    /// The first entry of the host (or `default`) that has both.
    package func login(for host: String) -> Login? {
        let match = machines.first { machine in
            (machine.host ?? host) == host && machine.name != nil && machine.password != nil
        }
        guard let name = match?.name, let password = match?.password else { return nil }
        return Login(name: Secret(name), password: Secret(password))
    }
}

private struct NetrcWords {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0d).contains(byte)
    }

    mutating func next() -> String? {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let skipped = current, skipped != UInt8(ascii: "\n") { offset += 1 }
            } else if Self.isBlank(byte) {
                offset += 1
            } else {
                break
            }
        }
        guard let first = current else { return nil }
        var word: [UInt8] = []
        let isQuoted = first == UInt8(ascii: "\"")
        if isQuoted { offset += 1 }
        while let byte = current {
            offset += 1
            if isQuoted, byte == UInt8(ascii: "\"") { break }
            if !isQuoted, Self.isBlank(byte) { break }
            if isQuoted, byte == UInt8(ascii: "\\"), let escape = current {
                offset += 1
                switch escape {
                case UInt8(ascii: "n"): word.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "r"): word.append(UInt8(ascii: "\r"))
                case UInt8(ascii: "t"): word.append(UInt8(ascii: "\t"))
                default: word.append(escape)
                }
            } else {
                word.append(byte)
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    /// To behind the next empty line.
    mutating func skipMacro() {
        var lineIsEmpty = false
        while let byte = current {
            offset += 1
            if byte == UInt8(ascii: "\n") {
                if lineIsEmpty { return }
                lineIsEmpty = true
            } else if byte != UInt8(ascii: "\r") {
                lineIsEmpty = false
            }
        }
    }
}
