package import CallArchive

extension Options {
    private static let beginnings = [
        "-----BEGIN CERTIFICATE-----", "-----BEGIN TRUSTED CERTIFICATE-----",
        "-----BEGIN X509 CERTIFICATE-----",
    ]

    /// Looks at the file of `--cacert` before anything is asked: it is read only when a connection
    /// needs it, and then there is no more to say than that something is wrong with it.
    package func checkCertificates(_ surroundings: Surroundings) throws(ArchiveError) {
        guard let path = sync.caFile else { return }
        let why: String
        switch surroundings.read(path) {
        case .failure(let trouble):
            // Such a bundle is the TLS library's business, as is what comes from a pipe.
            guard !trouble.isTooLarge else { return }
            why = trouble.why
        case .success(let file):
            let lines = String(decoding: file.bytes, as: UTF8.self).split(
                whereSeparator: \.isNewline)
            let isKnown = lines.contains { line in
                Self.beginnings.contains { line.hasPrefix($0) }
            }
            guard file.isRegular, !isKnown else { return }
            why = "there is no certificate in it (PEM, as -----BEGIN CERTIFICATE-----)"
        }
        throw ArchiveError(
            .usage, "cannot use the certificates in \(quoted(path)) (--cacert)", why: why,
            hint: "give a PEM file; without --cacert the system's certificates are trusted")
    }
}
