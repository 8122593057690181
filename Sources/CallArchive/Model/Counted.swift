/// `1 file`, `3 files`; in what the domain says. Pages for people have thousands set apart.
func counted(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
}
