import Glibc

/// The owner of one file descriptor; closed when it goes.
package struct Descriptor: ~Copyable, Sendable {
    package let number: Int32

    /// Takes over `number`.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}
