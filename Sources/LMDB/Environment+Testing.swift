extension Environment {
    /// What the check of a data file before it is mapped says; nil if it is sound.
    ///
    /// Not intended to be used outside the test target: opening an environment checks by itself.
    package static func dataFileError(in directory: String) -> LMDBError? {
        do throws(LMDBError) {
            _ = try DataFile(directory: directory).isMissingOrNew(EnvironmentOptions())
            return nil
        } catch {
            return error
        }
    }
}
