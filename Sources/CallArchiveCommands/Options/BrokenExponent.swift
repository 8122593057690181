/// A number like `1e+`, whose exponent has a sign and no digit.
///
/// Swift 6.3's decoder for JSON5 traps on one, where it should throw; found by fuzzing.
enum BrokenExponent {
    /// The line of the first one outside texts and comments, from 1; nil when there is none.
    static func line(in bytes: [UInt8]) -> Int? {
        var line = 1
        var index = 0
        // A key without quotes, like base-url, is no number.
        var isInNumber: Bool?
        func byte(_ offset: Int) -> UInt8? {
            bytes.indices.contains(index + offset) ? bytes[index + offset] : nil
        }
        while let current = byte(0) {
            isInNumber = isWordByte(current) ? isInNumber ?? beginsNumber(current) : nil
            switch current {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                index += 1
                while let inside = byte(0), inside != current {
                    if inside == UInt8(ascii: "\n") { line += 1 }
                    index += inside == UInt8(ascii: "\\") ? 2 : 1
                }
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
                while let inside = byte(1), inside != UInt8(ascii: "\n") { index += 1 }
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"):
                index += 2
                while let inside = byte(0),
                    !(inside == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/"))
                {
                    if inside == UInt8(ascii: "\n") { line += 1 }
                    index += 1
                }
                index += 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                let isSigned = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
                if isSigned, isInNumber == true, (byte(2) ?? 0) &- UInt8(ascii: "0") > 9 {
                    return line
                }
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: byte >= 0x80
        }
    }

    private static func beginsNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }
}
