extension Fault {
    /// Spoils a page of a listing, or its Link.
    func changeListing(_ response: inout Response, in scene: Scene) {
        switch name {
        case .malformedJSON:
            response.body = Body(Array("[{\"id\":\"r-1\",,}, oops".utf8))
        case .truncatedJSON:
            let bytes = response.body.bytes()
            let end = Int(place.offset(in: Int64(bytes.count)))
            response.body = Body(Array(bytes.prefix(min(end, bytes.count - 1))))
        case .huge:
            let rows = rowsOf(response)
            response.body = Body(
                prefix: [0x5B] + rows + Array((rows.isEmpty ? "" : ",").utf8)
                    + Array("{\"id\":\"r-huge\",\"filler\":\"".utf8),
                filler: UInt8(ascii: "x"), count: Int64(number ?? 67_108_864),
                suffix: Array("\"}]".utf8))
        case .invalidUTF8:
            let rows = rowsOf(response)
            response.body = Body(
                [0x5B] + Array("{\"id\":\"r-bad-".utf8) + [0xC3, 0x28, 0xFF, 0xED, 0xA0, 0x80]
                    + Array("\",\"state\":\"complete\"}".utf8)
                    + Array((rows.isEmpty ? "" : ",").utf8) + rows + [0x5D])
        case .deepNesting:
            let depth = Int(number ?? 100_000)
            response.body = Body(
                [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth))
        case .duplicateIDs:
            let rows = rowsOf(response)
            if rows.isEmpty { return }
            response.body = Body([0x5B] + rows + [0x2C] + rows + [0x5D])
        case .emptyPage: response.body = Body(Array("[]".utf8))
        case .nextLoop:
            response.set("Link", "<\(scene.site.origin)\(scene.request.target)>; rel=\"next\"")
        case .nextOtherOrigin:
            let scheme = scene.site.origin.split(separator: ":").first ?? "http"
            let other = "\(scheme)://localhost:\(scene.port)\(scene.request.path)?page=1"
            response.set("Link", "<\(text ?? other)>; rel=\"next\"")
        default: break
        }
    }

    /// What stands between the brackets.
    private func rowsOf(_ response: Response) -> [UInt8] {
        let bytes = response.body.bytes()
        guard bytes.first == 0x5B, bytes.last == 0x5D else { return [] }
        return Array(bytes.dropFirst().dropLast())
    }
}
