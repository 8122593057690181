/// G.711 companding of 16-bit samples.
enum G711 {
    static func mulaw(_ sample: Int16) -> UInt8 {
        let sign: UInt8 = sample < 0 ? 0x80 : 0
        let magnitude = min(Int(sample.magnitude), 32_635) + 0x84
        var exponent = 7
        var mask = 0x4000
        while exponent > 0, magnitude & mask == 0 {
            exponent -= 1
            mask >>= 1
        }
        let mantissa = magnitude >> (exponent + 3) & 0x0F
        return ~(sign | UInt8(exponent << 4) | UInt8(mantissa))
    }

    static func alaw(_ sample: Int16) -> UInt8 {
        let sign: UInt8 = sample < 0 ? 0 : 0x80
        let magnitude = min(Int(sample < 0 ? ~sample : sample), 32_767)
        var exponent = 7
        var mask = 0x4000
        while exponent > 0, magnitude & mask == 0 {
            exponent -= 1
            mask >>= 1
        }
        let mantissa = exponent == 0 ? magnitude >> 4 & 0x0F : magnitude >> (exponent + 3) & 0x0F
        return (sign | UInt8(exponent << 4) | UInt8(mantissa)) ^ 0x55
    }
}
