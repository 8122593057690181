/// When the file system has too little room to go on.
enum SpaceRule {
    static func error(_ archive: String, _ free: Int64, _ minimum: Int64) -> ArchiveError {
        ArchiveError(
            .storage, "cannot go on archiving in '\(archive)'",
            why: "\(mebibytes(free)) MiB are free there, less than the \(mebibytes(minimum)) MiB "
                + "to be left free",
            hint: "make room and run again, or lower --min-free; nothing archived is lost")
    }

    private static func mebibytes(_ bytes: Int64) -> Int64 { bytes >> 20 }
}
