import CYaml
func probe() -> Int32 { unsafe yaml_get_version_string() == nil ? 0 : 1 }
