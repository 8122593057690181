import CLibCrypto

/// A running hash, by OpenSSL.
///
/// One owner, one thread at a time; `reset()` starts it anew without a new allocation.
@safe package final class Digester {
    package enum Algorithm: Sendable {
        case sha256, sha512, md5
    }

    // Owned: freed in deinit.
    private let context: OpaquePointer
    private let algorithm: OpaquePointer?
    private var isBroken = false

    package init(_ algorithm: Algorithm = .sha256) {
        unsafe context = EVP_MD_CTX_new()
        switch algorithm {
        case .sha256: unsafe self.algorithm = EVP_sha256()
        case .sha512: unsafe self.algorithm = EVP_sha512()
        case .md5: unsafe self.algorithm = EVP_md5()
        }
        reset()
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Forgets all bytes so far.
    package func reset() {
        isBroken = unsafe EVP_DigestInit_ex(context, algorithm, nil) != 1
    }

    /// Adds bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        if unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) != 1 {
            isBroken = true
        }
    }

    /// Adds bytes.
    package func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// The digest of all bytes; nil when the library refused (as MD5 under a FIPS policy).
    package func finish() -> [UInt8]? {
        isBroken ? nil : unsafe Self.final(context)
    }

    /// The digest of the bytes so far, which may go on; nil when the library refused.
    package func snapshot() -> [UInt8]? {
        guard !isBroken, let copy = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(copy) }
        guard unsafe EVP_MD_CTX_copy_ex(copy, context) == 1 else { return nil }
        return unsafe Self.final(copy)
    }

    private static func final(_ context: OpaquePointer) -> [UInt8]? {
        var length: UInt32 = 0
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        guard unsafe EVP_DigestFinal_ex(context, &digest, &length) == 1 else { return nil }
        return Array(digest.prefix(Int(length)))
    }

    /// The SHA-256 of a text's UTF-8 bytes, as 64 lower-case hex digits.
    package static func sha256Hex(_ text: String) -> String {
        let digester = Digester()
        digester.update(Array(text.utf8))
        return Hex.text(digester.finish() ?? [])
    }
}
