extension Fault {
    /// Where a faulty answer is given, for the URLs and times in it.
    struct Scene {
        let request: Request
        let site: Site
        let port: UInt16
        /// The server's own clock.
        let now: Int64
        let resetUnit: ResetUnit
        let media: MediaContent?
    }

    /// Puts another answer in place of the right one, or spoils it.
    func change(_ response: inout Response, in scene: Scene) {
        switch name {
        case .status: response = statusAnswer(scene)
        case .html:
            response = Response(
                200, body: Body(Array(Self.page.utf8)), headers: [("Content-Type", "text/html")])
        case .json: response = .json(200, "{\"message\":\"not what you asked for\"}")
        case .empty:
            response = Response(200, headers: [("Content-Type", type(of: response))])
        case .otherContainer:
            response = Response(
                200, body: Body(prefix: Self.png, filler: 0x5A, count: 4096, suffix: []),
                headers: [("Content-Type", "audio/wav")])
        case .shortRIFF:
            guard let media = scene.media else { return }
            let end = max(44, place.offset(in: media.size))
            let headers = response.headers.filter { $0.name != "Content-Range" }
            response = Response(200, body: Body(media, 0..<min(end, media.size)))
            response.headers = headers
        case .gzip:
            guard response.body.count < 128 << 20 else { return }
            response.body = Body(Gzip.stored(response.body.bytes()))
            response.set("Content-Encoding", "gzip")
        case .redirect, .redirectSame, .redirectLoop, .redirectDowngrade:
            response = redirection(scene)
        default:
            changeListing(&response, in: scene)
        }
    }

    private func statusAnswer(_ scene: Scene) -> Response {
        let status = Int(number ?? 500)
        var response: Response
        switch bodyStyle {
        case .json:
            response = .failure(
                status, category: Self.category(status), code: Self.code(status),
                message: "Simulated status \(status)")
        case .empty: response = Response(status)
        case .plain:
            response = Response(
                status, body: Body(Array("simulated status \(status)\n".utf8)),
                headers: [("Content-Type", "text/plain")])
        case .html:
            response = Response(
                status, body: Body(Array(Self.page.utf8)), headers: [("Content-Type", "text/html")])
        }
        if status == 401 { response.set("WWW-Authenticate", "Basic realm=\"catapult\"") }
        if status == 416, let media = scene.media {
            response.set("Content-Range", "bytes */\(media.size)")
        }
        if status == 429 { response.setReset(scene.now + 1000, in: scene.resetUnit) }
        if let retryAfter {
            let text = retryAfter == "date" ? DateText.http(scene.now + 2000) : retryAfter
            response.set("Retry-After", text)
        }
        return response
    }

    private func redirection(_ scene: Scene) -> Response {
        let path = scene.request.path
        let location: String
        switch name {
        case .redirectSame: location = scene.site.origin + path + "?redirected=1"
        case .redirectLoop:
            let hop = Int(scene.request.parameter("hop") ?? "") ?? 0
            location = scene.site.origin + path + "?redirected=1&hop=\(hop + 1)"
        case .redirectDowngrade:
            let rest = scene.site.origin.split(separator: "://", maxSplits: 1).last ?? ""
            location = "http://" + rest + path + "?redirected=1"
        default:
            location = scene.site.filled(text ?? "")
                .split(separator: "{path}", omittingEmptySubsequences: false)
                .joined(separator: path)
        }
        return Response(code, headers: [("Location", location)])
    }

    private func type(of response: Response) -> String {
        response.header("Content-Type") ?? "application/octet-stream"
    }

    private static func category(_ status: Int) -> String {
        switch status {
        case 401: "authentication"
        case 403: "authorization"
        case 404, 410: "not-found"
        case 429: "too-many-requests"
        case 400..<500: "bad-request"
        default: "unavailable"
        }
    }

    private static func code(_ status: Int) -> String {
        switch status {
        case 401: "invalid-credentials"
        case 403: "user-access-denied"
        case 404, 410: "media-not-found"
        case 429: "rate-limit-reached"
        case 503: "media-unavailable"
        default: "status-\(status)"
        }
    }

    private static let page =
        "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head>"
        + "<body><h1>We are back soon</h1></body></html>\n"
    private static let png: [UInt8] = [
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
        0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0,
    ]
}
