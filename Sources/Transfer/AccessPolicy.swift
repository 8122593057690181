/// A host other than the API's that may serve media, without credentials.
package struct MediaHost: Sendable, Equatable {
    /// Lower case, without brackets.
    package var host: String
    /// nil: the scheme's default port.
    package var port: Int?

    package init(host: String, port: Int? = nil) {
        self.host = host
        self.port = port
    }
}

/// Who may be asked, and who may be shown the credentials.
package struct AccessPolicy: Sendable {
    package enum Admission: Sendable, Equatable {
        case withCredentials
        case withoutCredentials
        /// Not to be asked at all; why.
        case refused(String)
    }

    /// Redirects followed in a row.
    package static let longestRedirectChain = 5

    package let apiOrigin: Origin
    package let mediaHosts: [MediaHost]

    package init(apiOrigin: Origin, mediaHosts: [MediaHost] = []) {
        self.apiOrigin = apiOrigin
        self.mediaHosts = mediaHosts
    }

    /// Whether a media URL may be asked; `from` is the URL that redirected to it.
    package func admission(of url: HTTPURL, from: HTTPURL? = nil) -> Admission {
        let target = url.origin
        if target == apiOrigin { return .withCredentials }
        if !target.isSecure && (apiOrigin.isSecure || from?.origin.isSecure == true) {
            return .refused("it would go from https to http (host \(target.host))")
        }
        let isNamed = mediaHosts.contains {
            $0.host == target.host && ($0.port ?? target.scheme.defaultPort) == target.port
        }
        if isNamed { return .withoutCredentials }
        return .refused("it lies on '\(target.authority)', which is not the API's origin")
    }
}
