package import CallArchive
import Glibc

/// The priority that systemd's journal reads at a line's beginning, as `<4>`; see sd-daemon(3).
package enum JournalPriority {
    /// Marks each line of a message.
    package static func mark(_ lines: [UInt8], _ level: NoticeLevel) -> [UInt8] {
        let mark = Array("<\(number(level))>".utf8)
        var result: [UInt8] = []
        var isAtStart = true
        for byte in lines {
            if isAtStart { result += mark }
            result.append(byte)
            isAtStart = byte == UInt8(ascii: "\n")
        }
        return result
    }

    private static func number(_ level: NoticeLevel) -> Int {
        switch level {
        case .error: 3
        case .warning: 4
        case .info: 6
        case .debug: 7
        }
    }
}

/// Whether the descriptor is the journal: what `JOURNAL_STREAM` names by device and inode.
///
/// The variable alone says nothing: it is inherited by a process whose output was redirected.
package func isJournal(_ descriptor: Int32, _ variable: String?) -> Bool {
    guard let variable else { return false }
    let parts = variable.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else {
        return false
    }
    var status = stat()
    // The structure outlives the call.
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
}
