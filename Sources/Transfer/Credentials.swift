import FoundationEssentials
package import Platform

/// The API token and its secret, sent as Basic auth to the API's own origin only.
package struct Credentials: Sendable, Equatable {
    package var token: Secret
    package var secret: Secret

    package init(token: Secret, secret: Secret) {
        self.token = token
        self.secret = secret
    }

    /// What the field `Authorization` says, by RFC 7617.
    var basic: Secret {
        let both = Data("\(token.reveal()):\(secret.reveal())".utf8)
        return Secret("Basic \(both.base64EncodedString())")
    }
}
