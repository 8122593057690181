import Glibc

/// How many lanes a run has.
enum LaneCount {
    /// A few more than the cores: on small files few loops are cheapest, on large ones a loop
    /// that waits in `write` holds up its other transfers. Measured in C on two
    /// cores; see the Architecture article.
    static func lanes(concurrency: Int) -> Int {
        let cores = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return max(1, min(concurrency, cores + 2))
    }
}
