import Glibc

/// How many lanes a run has, and how many downloads at once.
enum LaneCount {
    /// As many as a run has at most; sixteen made nothing quicker.
    private static let most = 8

    /// Lanes for all that comes, one more than the cores: on small files few loops are cheapest.
    /// Measured on two cores; see the Performance article.
    static func shared(
        concurrency: Int, cores: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    ) -> Int {
        max(1, min(concurrency, max(1, cores) + 1))
    }

    /// Lanes for large recordings alone, one each, as far as files may be open for them: a loop that
    /// waits in `write` holds up its other transfers. See the Performance article.
    static func own(
        concurrency: Int, openFiles limit: Int,
        cores: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    ) -> Int {
        let shared = shared(concurrency: concurrency, cores: cores)
        // Three for the lane and two for the connections that it keeps; a few stay free.
        let files = (limit - openFiles(concurrency: concurrency, cores: cores) - 8) / 5
        return max(0, min(min(most, concurrency) - shared, files))
    }

    /// Files that a run with so many downloads at once may have open: a part and a connection
    /// for each, three for a lane, and the rest (catalog, folders, standard streams, …).
    ///
    /// Measured on two cores: 32 suffice for one download at once, 44 for 4, 64 for 16, 88 for 32.
    static func openFiles(
        concurrency: Int, cores: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    ) -> Int {
        28 + 3 * shared(concurrency: concurrency, cores: cores) + 2 * concurrency
    }

    /// The most downloads at once, up to `wanted`, with which no more than `limit` files are open;
    /// one at least.
    static func concurrency(
        _ wanted: Int, openFiles limit: Int,
        cores: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    ) -> Int {
        var concurrency = wanted
        while concurrency > 1, openFiles(concurrency: concurrency, cores: cores) > limit {
            concurrency -= 1
        }
        return max(1, concurrency)
    }
}
