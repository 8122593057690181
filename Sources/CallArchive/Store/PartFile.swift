import Glibc
package import Platform

/// A `.part` being written; its size is what it holds.
///
/// Confined to the lane that writes it.
package final class PartFile {
    package let name: String
    private let archive: ArchiveFolder
    private let descriptor: Descriptor
    package private(set) var size: Int64
    /// What was added since is not on its way to the disk yet.
    private var started: Int64
    /// Where what is to be written past the page cache is gathered, and how much is.
    private var buffer: PageBuffer?
    private var held = 0
    private var isDirect = false
    /// The first bytes, when they were added here: where the gate looks.
    private var head: [UInt8] = []
    private static let headSize = 4096

    /// Through the cache, parts from the second size on are sent on their way piece by piece:
    /// 8 × 256 MiB took 2.9 s so and 3.9 s without; 2,000 × 1 MB took 0 to 6 % less, and 3 to 12 %
    /// more CPU.
    private static let writebackPiece: Int64 = 1 << 20
    private static let writebackLeast: Int64 = 4 << 20

    fileprivate init(
        name: String, _ descriptor: consuming Descriptor, size: Int64, _ archive: ArchiveFolder
    ) {
        self.name = name
        self.archive = archive
        self.descriptor = descriptor
        self.size = size
        started = size
    }

    deinit {
        if let buffer { archive.directWriting.giveBack(buffer) }
    }

    private var kernel: Kernel { archive.kernel }

    /// For errors only: putting it together costs more than the calls themselves.
    private var path: String { archive.partPath(name) }

    /// Adds bytes at the end.
    package func append(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) {
        if size == head.count, size < Self.headSize {
            let count = min(bytes.count, Self.headSize - head.count)
            unsafe head.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        let rest = buffer == nil ? unsafe bytes : try unsafe gather(bytes)
        guard unsafe !rest.isEmpty else { return }
        try unsafe kernel.write(descriptor.number, rest, naming: path)
        size += Int64(rest.count)
        if size - started >= Self.writebackPiece { startWriteback() }
    }

    /// Has the disk begin with what it doesn't have yet, unless that is little.
    package func startWriteback() {
        guard size > started, size >= Self.writebackLeast else { return }
        kernel.startWriteback(descriptor.number, started..<size)
        started = size
    }

    /// Cuts the part to its first `size` bytes; what follows is written behind them.
    package func truncate(to size: Int64) throws(SystemCallError) {
        try flush()
        try kernel.truncate(descriptor.number, to: size, naming: path)
        self.size = size
        started = min(started, size)
        if size < head.count { head.removeLast(head.count - Int(size)) }
    }

    /// Reads up to `count` bytes at `offset`.
    package func read(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        try flush()
        return try descriptor.read(at: offset, count: count, kernel, naming: path)
    }

    /// Like `read`, but without a look at the disk where the bytes were only just added.
    package func recent(at offset: Int64, count: Int) throws(SystemCallError) -> [UInt8] {
        let end = min(offset + Int64(count), size)
        guard offset >= 0, offset < end, end <= head.count else {
            return try read(at: offset, count: count)
        }
        return offset == 0 && end == head.count ? head : Array(head[Int(offset)..<Int(end)])
    }

    /// Feeds the bytes so far, or some of them, to the hash; false when it was cancelled.
    package func hash(
        _ range: Range<Int64> = 0..<Int64.max, into digester: Digester, isCancelled: () -> Bool
    ) throws(SystemCallError) -> Bool {
        try flush()
        let end = try descriptor.hash(
            range, into: digester, kernel, naming: path, isCancelled: isCancelled)
        return end != nil
    }
}

// Past the page cache.
extension PartFile {
    /// Gathers what is added from here on, and writes it past the page cache where that can be
    /// done and goes well; `flush` must come before the file is closed.
    package func gather() {
        if buffer == nil { buffer = archive.directWriting.buffer() }
    }

    /// Takes bytes into the buffer; returns those that it has no use for any more.
    private func gather(
        _ bytes: UnsafeRawBufferPointer
    ) throws(SystemCallError) -> UnsafeRawBufferPointer {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            guard let count = unsafe buffer?.put(rest, at: held, upTo: held + roomOfPiece) else {
                break
            }
            held += count
            size += Int64(count)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            if roomOfPiece == 0 { try writeHeld() }
        }
        return unsafe rest
    }

    /// How many more bytes can be added before all that was added is written; nil when all is.
    package var untilWritten: Int? { buffer == nil ? nil : roomOfPiece }

    /// All that was added is in the file.
    package var isWritten: Bool { held == 0 }

    /// Pieces end at multiples of their size, also behind what an earlier attempt left.
    private var roomOfPiece: Int {
        let written = size - Int64(held)
        return DirectWriting.piece - Int(written % Int64(DirectWriting.piece)) - held
    }

    /// Writes what was gathered; what is added afterwards is written at once.
    package func flush() throws(SystemCallError) {
        guard let buffer else { return }
        try writeHeld()
        self.buffer = nil
        archive.directWriting.giveBack(buffer)
        setDirect(false)
    }

    private func writeHeld() throws(SystemCallError) {
        guard let buffer, held > 0 else { return }
        // Whatever comes of it: a piece that was written in part must not be written once more.
        defer { held = 0 }
        let offset = size - Int64(held)
        var written = 0
        if offset.isMultiple(of: Int64(PageBuffer.alignment)), archive.directWriting.isOn {
            written = try writePast(buffer, held - held % PageBuffer.alignment, at: offset)
        }
        if written < held {
            setDirect(false)
            try unsafe buffer.withBytes(written..<held) { bytes throws(SystemCallError) in
                try unsafe kernel.write(descriptor.number, bytes, naming: path)
            }
        }
        if written == held {
            started = size
        } else if size - started >= Self.writebackPiece {
            startWriteback()
        }
    }

    /// Writes the buffer's first `count` bytes; returns how many, none where it can't be done.
    private func writePast(
        _ buffer: PageBuffer, _ count: Int, at offset: Int64
    ) throws(SystemCallError) -> Int {
        guard count > 0 else { return 0 }
        setDirect(true)
        guard isDirect else {
            archive.directWriting.refused()
            return 0
        }
        let begun = MonotonicClock.now()
        do throws(SystemCallError) {
            try unsafe buffer.withBytes(0..<count) { bytes throws(SystemCallError) in
                try unsafe kernel.write(descriptor.number, bytes, naming: path)
            }
        } catch {
            // A file system that wants another alignment, or none of it after all.
            guard error.errno == EINVAL || error.errno == EOPNOTSUPP else { throw error }
            archive.directWriting.refused()
            try kernel.truncate(descriptor.number, to: offset, naming: path)
            return 0
        }
        archive.directWriting.wrote(in: MonotonicClock.now() - begun)
        return count
    }

    private func setDirect(_ isOn: Bool) {
        guard isOn != isDirect else { return }
        if kernel.setDirect(descriptor.number, isOn) { isDirect = isOn }
    }
}

extension Descriptor {
    /// Reads up to `count` bytes at `offset`.
    borrowing func read(
        at offset: Int64, count: Int, _ kernel: Kernel, naming path: @autoclosure () -> String
    ) throws(SystemCallError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let got = try kernel.read(number, at: offset, into: &buffer, naming: path())
        buffer.removeLast(count - got)
        return buffer
    }

    /// Feeds the file, or a range of it, to the hash; returns where it ended, nil when it was
    /// cancelled, which `isCancelled` is asked before each piece.
    borrowing func hash(
        _ range: Range<Int64> = 0..<Int64.max, into digester: Digester, _ kernel: Kernel,
        naming path: @autoclosure () -> String, isCancelled: () -> Bool
    ) throws(SystemCallError) -> Int64? {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var offset = range.lowerBound
        while true {
            if isCancelled() { return nil }
            let read = try kernel.read(number, at: offset, into: &buffer, naming: path())
            let got = Int(min(Int64(read), range.upperBound - offset))
            if got <= 0 { return offset }
            offset += Int64(got)
            unsafe buffer.withUnsafeBytes { bytes in
                unsafe digester.update(UnsafeRawBufferPointer(rebasing: bytes[..<got]))
            }
        }
    }
}

extension ArchiveFolder {
    /// The part's name for a recording: no text of the provider's is in it.
    package static func partName(for id: String) -> String {
        Digester.sha256Hex(id, digits: 32) + ".part"
    }

    /// A new, empty part; an old one of that name goes.
    package func createPart(_ name: String) throws(SystemCallError) -> PartFile {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
        do throws(SystemCallError) {
            let file = try kernel.open(
                at: partial.number, name, flags: flags, naming: partPath(name))
            return PartFile(name: name, file, size: 0, self)
        } catch {
            guard error.errno == EEXIST else { throw error }
        }
        try kernel.remove(at: partial.number, name, naming: partPath(name))
        let file = try kernel.open(at: partial.number, name, flags: flags, naming: partPath(name))
        return PartFile(name: name, file, size: 0, self)
    }

    /// The part as it was left; nil when there is none or something else stands there.
    package func openPart(_ name: String) throws(SystemCallError) -> PartFile? {
        do throws(SystemCallError) {
            let file = try kernel.open(
                at: partial.number, name, flags: O_RDWR | O_NOFOLLOW | O_NONBLOCK,
                naming: partPath(name))
            let status = try kernel.status(of: file.number, naming: partPath(name))
            guard status.kind == .file else { return nil }
            let part = PartFile(name: name, file, size: status.size, self)
            // Also sets the position.
            try part.truncate(to: status.size)
            return part
        } catch {
            if error.errno == ENOENT || error.errno == ELOOP { return nil }
            throw error
        }
    }

    /// Removes a part; one that isn't there is as good.
    package func removePart(_ name: String) throws(SystemCallError) {
        do throws(SystemCallError) {
            try kernel.remove(at: partial.number, name, naming: partPath(name))
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
    }

    func partPath(_ name: String) -> String {
        "\(path)/\(Self.controlName)/\(Self.partialName)/\(name)"
    }
}
