/// Makes a text safe to print: what a terminal would act on, or not show, is written out.
///
/// Control characters become `\x1b`, `\n`, `\t`; invisible and direction-changing characters
/// `\u{202e}`. The rest stays as it is, a backslash too: this is for reading, not for parsing.
package func escaped(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return String(text) }
    var result = ""
    for scalar in text.unicodeScalars {
        guard isDangerous(scalar) else {
            result.unicodeScalars.append(scalar)
            continue
        }
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        default:
            let hex = String(scalar.value, radix: 16)
            result +=
                scalar.value < 0x100
                ? "\\x" + (hex.count < 2 ? "0" : "") + hex : "\\u{\(hex)}"
        }
    }
    return result
}

/// Whether a terminal would act on it, or not show it.
func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20...0x7e).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: return false
    }
}

/// A text in quotes for a message: escaped, and cut when it is very long.
package func quoted(_ text: some StringProtocol) -> String {
    let limit = 120
    let head = text.prefix(limit)
    return "'" + escaped(head) + (head.endIndex < text.endIndex ? "…" : "") + "'"
}
