/// Hashes that are the same in every process: what is generated depends on nothing else.
enum StableHash {
    /// FNV-1a over the text's bytes, then mixed.
    static func of(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return mixed(hash)
    }

    /// The finishing step of splitmix64: every bit of the input moves every bit of the result.
    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number in 0..<1.
    static func fraction(_ value: UInt64) -> Double {
        Double(mixed(value) >> 11) / Double(1 << 53 as UInt64)
    }
}
