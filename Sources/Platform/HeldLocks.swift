import Glibc

/// The locks that processes of this machine hold, as the kernel lists them.
package enum HeldLocks {
    /// Whether some process holds a `flock` on the file; nil when the kernel doesn't tell.
    ///
    /// By inode alone: the device that is listed is not always the one that `stat` gives.
    package static func holds(inode: UInt64) -> Bool? {
        let kernel = Kernel()
        var text: [UInt8] = []
        do throws(SystemCallError) {
            let file = try kernel.open(
                at: AT_FDCWD, "/proc/locks", flags: O_RDONLY, naming: "/proc/locks")
            var chunk = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = try kernel.read(
                    file.number, at: Int64(text.count), into: &chunk, naming: "/proc/locks")
                if count == 0 { break }
                text += chunk[..<count]
            }
        } catch {
            return nil
        }
        return holds(inode: inode, in: String(decoding: text, as: UTF8.self))
    }

    /// Reads lines as `1: FLOCK  ADVISORY  WRITE 4711 fe:01:131085 0 EOF`; waiters have `->`.
    package static func holds(inode: UInt64, in list: String) -> Bool {
        list.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            return words.count >= 6 && words[1] == "FLOCK"
                && words[5].split(separator: ":").last == Substring("\(inode)")
        }
    }
}
