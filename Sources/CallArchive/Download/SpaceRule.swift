/// When the file system has too little room to go on.
enum SpaceRule {
    static func error(_ archive: String, _ free: Int64, _ minimum: Int64) -> ArchiveError {
        ArchiveError(
            .storage, "cannot go on archiving in '\(archive)'",
            why: "\(Finding.size(free)) are free there, less than the \(Finding.size(minimum)) "
                + "to be left free",
            hint: "make room and run again, or lower --min-free; nothing archived is lost")
    }
}
