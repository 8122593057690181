import Glibc

/// Time that only goes forward, also when the wall clock is set.
package enum MonotonicClock {
    /// Nanoseconds since some fixed point (the machine's start).
    package static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Duration {
    /// Whole nanoseconds, clamped to what fits.
    package var nanoseconds: Int64 {
        let parts = components
        let seconds = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if seconds.overflow { return parts.seconds < 0 ? .min : .max }
        let sum = seconds.partialValue.addingReportingOverflow(parts.attoseconds / 1_000_000_000)
        return sum.overflow ? .max : sum.partialValue
    }

    /// Seconds as a number with fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
