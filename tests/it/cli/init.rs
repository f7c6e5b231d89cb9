//! `init`

use std::fs;

use crate::harness::Folder;

#[test]
fn the_file_it_writes_is_a_configuration_with_a_secret_for_its_owner_only() {
    let folder = Folder::new();
    folder.run(&["init"]).succeeded();
    let file = folder.path("better-auth.toml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let info = folder.run(&["info", "--json"]).succeeded().json();
    assert_eq!(
        (&info["configuration"], &info["secret"]),
        (&"better-auth.toml".into(), &"configured".into())
    );
}

#[test]
fn a_file_that_is_there_is_kept() {
    let folder = Folder::new();
    fs::write(folder.path("better-auth.toml"), "appName = 'Mine'").unwrap();
    folder.run(&["init"]).failed(4, "better-auth.toml already exists");
    assert_eq!(fs::read_to_string(folder.path("better-auth.toml")).unwrap(), "appName = 'Mine'");
    folder.run(&["init", "--force"]).succeeded();
    let text = fs::read_to_string(folder.path("better-auth.toml")).unwrap();
    assert!(text.contains("secret = ") && !text.contains("Mine"));
}

#[cfg(unix)]
#[test]
fn a_secret_is_never_written_to_a_file_that_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let file = folder.path("better-auth.toml");
    fs::write(&file, "x".repeat(10_000)).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    folder.run(&["init", "--force"]).succeeded();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // A secret may hold a few of them by chance.
    assert!(!fs::read_to_string(&file).unwrap().contains(&"x".repeat(20)));
}

#[test]
fn a_file_holds_what_its_name_promises_and_is_found_by_the_next_command() {
    let folder = Folder::new();
    let ran = folder.run(&["init", "better-auth.json"]).succeeded();
    assert!(ran.stderr.ends_with("next: `better-auth serve`\n"), "{ran:?}");
    let text = fs::read_to_string(folder.path("better-auth.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(40 <= config["secret"].as_str().unwrap().len());
    let info = folder.run(&["info", "--json"]).succeeded().json();
    assert_eq!(info["configuration"], "better-auth.json");
    // Of two files neither would be read.
    folder.run(&["init"]).failed(4, "better-auth.json already exists");
    assert!(!folder.path("better-auth.toml").exists());

    let ran = folder.run(&["init", "auth.json"]).succeeded();
    assert!(ran.stderr.ends_with("next: `better-auth serve --config auth.json`\n"), "{ran:?}");
    folder.run(&["info", "--config", "auth.json"]).succeeded();
    folder.run(&["init", "auth.toml"]).succeeded();
    folder.run(&["info", "--config", "auth.toml"]).succeeded();
    for name in ["auth.yaml", "auth", "auth.JSON"] {
        folder.run(&["init", name]).failed(2, "expected a .toml or .json file");
        assert!(!folder.path(name).exists());
    }
}
