package import CallArchive
import Transfer

extension ValueSyntax<PingAddress> {
    /// The text is never repeated: it may be a secret.
    package static var pingAddress: ValueSyntax<PingAddress> {
        ValueSyntax(placeholder: "URL", expected: "a URL as https://hc-ping.com/…") {
            text throws(ValueProblem) in
            do throws(InvalidURL) {
                return try PingAddress(text)
            } catch {
                throw ValueProblem(error == .relative ? "it is not an absolute URL" : "\(error)")
            }
        }
    }
}
