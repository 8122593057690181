package import Platform

/// Tells by its bytes whether a file is the audio of a recording, and what it says of itself.
///
/// Looks at headers only: a plain file costs one read of 4 KiB, any other a bounded number.
package enum AudioInspector {
    package static func inspect<Source: RandomAccessBytes>(
        _ source: Source
    ) throws(Source.Failure) -> AudioVerdict {
        var window = AudioWindow(source)
        let head = try window.bytes(at: 0, count: AudioWindow<Source>.length)
        if head.isEmpty { return .rejected(.empty, message: "the file is empty") }
        if WaveInspector<Source>.recognises(head) {
            var inspector = WaveInspector(window)
            return try inspector.verdict()
        }
        if let verdict = try MP3Inspector.verdict(&window) { return verdict }
        let (rejection, message) = ContentSniffer.describe(head)
        return .rejected(rejection, message: message)
    }

    /// A sentence when the audio is not as long as the recording was.
    ///
    /// That is by more than 2 s and by more than 5 % of the time between start and end.
    package static func durationWarning(
        _ audio: AudioProperties, start: Timestamp?, end: Timestamp?
    ) -> String? {
        guard let found = audio.durationSeconds, let start, let end else { return nil }
        let expected = Double(end.milliseconds - start.milliseconds) / 1000
        guard expected >= 0 else { return "the recording ends before it starts" }
        let difference = (found - expected).magnitude
        guard difference > 2, difference > expected * 0.05 else { return nil }
        return "the audio lasts \(seconds(found)) s, the recording \(seconds(expected)) s"
    }

    private static func seconds(_ value: Double) -> String {
        JSONText.plainDecimal((value * 10).rounded() / 10) ?? "?"
    }
}
