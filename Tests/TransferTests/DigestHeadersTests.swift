import Testing
import Transfer

/// The hashes are of the empty text.
@Suite struct DigestHeadersTests {
    private static let md5 = "1B2M2Y8AsgTpgAmY7PhCfg=="
    private static let sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    private static let sha512 =
        "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    private static let md5Bytes: [UInt8] = [
        0xD4, 0x1D, 0x8C, 0xD9, 0x8F, 0x00, 0xB2, 0x04, 0xE9, 0x80, 0x09, 0x98, 0xEC, 0xF8, 0x42,
        0x7E,
    ]

    private func found(_ name: String, _ value: String) -> [String] {
        DigestHeaders.digests(name: name, value: value).map {
            "\($0.algorithm.rawValue) \($0.bytes.count) \($0.scope)"
        }
    }

    @Test func `a hash is decoded byte for byte`() {
        #expect(
            DigestHeaders.digests(name: "Content-MD5", value: " \(Self.md5) ")
                == [HeaderDigest(algorithm: .md5, bytes: Self.md5Bytes, scope: .content)])
        let sha = DigestHeaders.digests(name: "Digest", value: "SHA-256=\(Self.sha256)")
        #expect(sha.first?.bytes.prefix(4) == [0xE3, 0xB0, 0xC4, 0x42])
        #expect(sha.first?.bytes.suffix(2) == [0xB8, 0x55])
    }

    @Test func `every header is read, with what its hash is of`() {
        #expect(found("content-md5", Self.md5) == ["md5 16 content"])
        #expect(
            found("DIGEST", "SHA-256=\(Self.sha256), md5=\(Self.md5),unixsum=30637")
                == ["sha-256 32 representation", "md5 16 representation"])
        #expect(
            found("Content-Digest", "sha-512=:\(Self.sha512):, sha-256=:\(Self.sha256):;x=1")
                == ["sha-512 64 content", "sha-256 32 content"])
        #expect(found("Repr-Digest", "sha-256=:\(Self.sha256):") == ["sha-256 32 representation"])
        #expect(
            found("Digest", "sha-256=\(Self.sha256.dropLast())") == ["sha-256 32 representation"])
    }

    @Test(arguments: [
        ("Content-MD5", ""), ("Content-MD5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg="), ("Content-MD5", "1B2M2Y8AsgTpgAmY7PhC!g=="),
        ("Digest", "sha-256"), ("Digest", "sha-256="), ("Digest", "crc32c=AAAAAA=="),
        ("Digest", "sha-256=\(md5)"), ("Content-Digest", "sha-256=\(sha256)"),
        ("Content-Digest", "sha-256=:\(sha256)"), ("ETag", "\"\(md5)\""), ("Digest", "=,=,,"),
    ])
    func `what is no hash known here gives nothing`(name: String, value: String) {
        #expect(DigestHeaders.digests(name: name, value: value).isEmpty)
    }
}
