import FuzzTargets
import Glibc

extension FuzzTarget {
    /// By the environment: libFuzzer, whose `main` this program has, takes all arguments.
    fileprivate static let chosen: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        if let target = FuzzTarget(rawValue: name) { return target }
        print("FUZZ_TARGET is one of", allCases.map(\.rawValue).joined(separator: " "))
        exit(2)
    }()
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
func feed(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    FuzzTarget.chosen.feed(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
