import CallArchiveCommands

runMain()
