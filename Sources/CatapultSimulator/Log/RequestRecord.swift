/// One request as the simulator saw and answered it. Holds no secret.
package struct RequestRecord: Sendable, Codable, Equatable {
    /// How the request's Authorization header relates to the account's credentials.
    package enum Authorization: String, Sendable, Codable {
        case none, valid, wrong, malformed
    }

    package var sequence: Int
    /// Milliseconds since 1970, by the true clock.
    package var time: Int64
    /// When the last byte was handed to the kernel; nil while the answer is under way.
    package var endTime: Int64?
    package var connection: Int
    package var family: EndpointFamily
    package var method: String
    /// As it was sent, percent-coded.
    package var path: String
    package var query: String
    package var host: String?
    package var authorization: Authorization
    package var range: String?
    package var ifRange: String?
    package var ifNoneMatch: String?
    package var acceptEncoding: String?
    package var userAgent: String?
    /// Recording or media name, when the request was for one; a listing's page number.
    package var subject: String?
    /// 0 until something is answered, and when nothing ever is.
    package var status: Int
    /// Bytes of body that were handed to the kernel.
    package var bytes: Int64
    /// The fault's name, when one was applied.
    package var fault: String?
}
