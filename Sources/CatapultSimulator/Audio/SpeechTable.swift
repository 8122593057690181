internal import Glibc

/// A few seconds of something like speech, of which every recording plays a part.
///
/// Syllables of 100–250 ms: a voiced source of gliding pitch with three formants, between pauses.
enum SpeechTable {
    /// An even number of bytes, and no multiple of any block size.
    static let sampleCount = 65_521

    /// Little-endian 16-bit samples.
    static let pcm: [UInt8] = samples.flatMap { sample in
        let bits = UInt16(bitPattern: sample)
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8)]
    }
    static let mulaw: [UInt8] = samples.map(G711.mulaw)
    static let alaw: [UInt8] = samples.map(G711.alaw)

    private static let samples: [Int16] = make()

    private static func make() -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(sampleCount)
        var random: UInt64 = 1
        while samples.count < sampleCount {
            random = StableHash.mixed(random)
            let length = 800 + Int(random % 1200)
            let pitch = 95 + Double(random >> 16 % 90)
            let formants = [
                300 + Double(random >> 24 % 500), 900 + Double(random >> 32 % 1200),
                2300 + Double(random >> 40 % 600),
            ]
            appendSyllable(length: length, pitch: pitch, formants: formants, to: &samples)
            let pause = Int(random >> 50 % 700)
            samples += [Int16](repeating: 0, count: pause)
        }
        return Array(samples.prefix(sampleCount))
    }

    private static func appendSyllable(
        length: Int, pitch: Double, formants: [Double], to samples: inout [Int16]
    ) {
        let step = 2 * Double.pi / 8000
        for index in 0..<length {
            let time = Double(index)
            let envelope = sin(Double.pi * time / Double(length))
            let source = 0.5 + 0.5 * sin(step * pitch * time)
            var voice = sin(step * pitch * time)
            for (number, formant) in formants.enumerated() {
                voice += source * sin(step * formant * time) / Double(number + 1)
            }
            samples.append(Int16(envelope * voice * 6000))
        }
    }
}
