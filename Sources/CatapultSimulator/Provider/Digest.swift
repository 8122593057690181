internal import CLibSSL

/// Digests of media, for the headers that carry them.
enum Digest {
    enum Algorithm {
        case md5, sha256
    }

    static func of(_ body: Body, _ algorithm: Algorithm) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { return [] }
        defer { unsafe EVP_MD_CTX_free(context) }
        unsafe EVP_DigestInit_ex(context, algorithm == .md5 ? EVP_md5() : EVP_sha256(), nil)
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        var offset: Int64 = 0
        while offset < body.count {
            let count = Int(min(Int64(chunk.count), body.count - offset))
            unsafe chunk.withUnsafeMutableBytes { buffer in
                let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count])
                unsafe body.fill(part, from: offset)
                unsafe EVP_DigestUpdate(context, part.baseAddress, count)
            }
            offset += Int64(count)
        }
        var digest = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        unsafe EVP_DigestFinal_ex(context, &digest, &length)
        return Array(digest.prefix(Int(length)))
    }
}
