import Glibc

/// The columns of the terminal behind a descriptor; nil when there is none, or it doesn't say.
package func windowWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    // The request fills one winsize.
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
        return nil
    }
    return Int(size.ws_col)
}

/// Whether the descriptor is a terminal.
package func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
}
