import CLibCrypto

/// A running hash, by OpenSSL.
///
/// One owner, one thread at a time; `reset()` starts it anew without a new allocation.
@safe package final class Digester: @unchecked Sendable {
    // @unchecked: one thread at a time, as said above.

    package enum Algorithm: Sendable {
        case sha256, sha512, md5
    }

    // Owned: freed in deinit.
    private let context: OpaquePointer
    private let implementation: Implementation
    private var isBroken = false
    /// No byte was added since the last reset.
    private var isFresh = false

    package init(_ algorithm: Algorithm = .sha256) {
        unsafe context = EVP_MD_CTX_new()
        switch algorithm {
        case .sha256: implementation = .sha256
        case .sha512: implementation = .sha512
        case .md5: implementation = .md5
        }
        reset()
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Forgets all bytes so far.
    package func reset() {
        if isFresh { return }
        isBroken = unsafe EVP_DigestInit_ex(context, implementation.method, nil) != 1
        isFresh = !isBroken
    }

    /// Adds bytes.
    package func update(_ bytes: UnsafeRawBufferPointer) {
        isFresh = false
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
        isFresh = false
        return isBroken ? nil : unsafe Self.final(context)
    }

    /// The digest of the bytes so far, which may go on; nil when the library refused.
    package func snapshot() -> [UInt8]? {
        guard !isBroken, let copy = unsafe EVP_MD_CTX_new() else { return nil }
        defer { unsafe EVP_MD_CTX_free(copy) }
        guard unsafe EVP_MD_CTX_copy_ex(copy, context) == 1 else { return nil }
        return unsafe Self.final(copy)
    }

    private static func final(_ context: OpaquePointer) -> [UInt8]? {
        let size = unsafe EVP_MD_get_size(EVP_MD_CTX_get0_md(context))
        guard size > 0 else { return nil }
        var digest = [UInt8](repeating: 0, count: Int(size))
        var length: UInt32 = 0
        guard unsafe EVP_DigestFinal_ex(context, &digest, &length) == 1, length == size else {
            return nil
        }
        return digest
    }

    /// An algorithm as the library has it, looked up once: each look-up takes its locks.
    @safe private struct Implementation: @unchecked Sendable {
        // @unchecked: the library never changes what it has given out.
        static let sha256 = Implementation("SHA256")
        static let sha512 = Implementation("SHA512")
        static let md5 = Implementation("MD5")

        /// Owned for the process's life; nil when the library refuses it.
        let method: OpaquePointer?

        init(_ name: String) {
            unsafe method = EVP_MD_fetch(nil, name, nil)
        }
    }

    /// The SHA-256 of a text's UTF-8 bytes as lower-case hex digits, or the first of them: an even
    /// number up to 64.
    package static func sha256Hex(_ text: String, digits: Int = 64) -> String {
        precondition(digits.isMultiple(of: 2) && (0...64).contains(digits))
        var text = text
        var digest = InlineArray<32, UInt8>(repeating: 0)
        let isDone = text.withUTF8 { bytes in
            var output = digest.mutableSpan
            return unsafe output.withUnsafeMutableBufferPointer { output in
                // Both buffers outlive the call.
                unsafe EVP_Digest(
                    bytes.baseAddress, bytes.count, output.baseAddress, nil,
                    Implementation.sha256.method, nil)
            }
        }
        return isDone == 1 ? Hex.text(digest.span.extracting(..<(digits / 2))) : ""
    }
}
