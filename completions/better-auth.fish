# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_better_auth_global_optspecs
    string join \n c/config= database= o/output= json q/quiet color= h/help V/version
end

function __fish_better_auth_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_better_auth_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_better_auth_using_subcommand
    set -l cmd (__fish_better_auth_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c better-auth -n "__fish_better_auth_needs_command" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_needs_command" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_needs_command" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_needs_command" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_needs_command" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_needs_command" -s V -l version -d 'Print version'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "init" -d 'Write a configuration file with a new secret'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "migrate" -d 'Create the tables, or add what is missing in an existing database'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "adopt" -d 'Find the configuration that opens a database of Better Auth'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "db" -d 'Copy all data to another database'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "serve" -d 'Serve the REST API'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "users" -d 'Manage users'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "sessions" -d 'Manage sessions'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "create-user" -d 'Create a user; the same as `users create`'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "list-users" -d 'List users; the same as `users list`'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "revoke-sessions" -d 'Revoke sessions; the same as `sessions revoke`'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "accounts" -d 'Manage linked accounts (password, Google, …)'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "providers" -d 'List and check OAuth and OpenID Connect providers'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "mail" -d 'List and send emails'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "secret" -d 'Generate secrets'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "config" -d 'Describe the configuration file'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "info" -d 'Show version, configuration and database, without secrets'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c better-auth -n "__fish_better_auth_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -l force -d 'Overwrite an existing file, including its secret'
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -l dry-run -d 'Show the plan and change nothing'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -l sql -d 'Show the SQL statements'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -f -a "status" -d 'Check whether the database is up to date'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and not __fish_seen_subcommand_from status help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "status" -d 'Check whether the database is up to date'
complete -c better-auth -n "__fish_better_auth_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -l write -d 'Write the configuration to better-auth.toml, which must not exist yet'
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -f -a "check" -d 'Check every row for values that cannot be read, and repair what is safe to repair'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -f -a "copy" -d 'Copy all data into another database, and compare both row by row'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and not __fish_seen_subcommand_from check copy help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l limit -d 'Longest list of values; all are counted' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l fix -d 'Replace values that cannot be read by what they are read as, row by row'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l delete-orphans -d 'Delete rows that refer to a row that does not exist'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l from -d 'Source [default: the configured database]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l to -d 'Target' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l merge -d 'Copy into a database with other data, which is kept'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l mirror -d 'Make an earlier copy equal to its source: delete rows that the source no longer has, replace changed ones'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l dry-run -d 'Show what would be copied and write nothing'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from copy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check every row for values that cannot be read, and repair what is safe to repair'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "copy" -d 'Copy all data into another database, and compare both row by row'
complete -c better-auth -n "__fish_better_auth_using_subcommand db; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l host -d 'Host name or address to listen on' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -s p -l port -d 'Port to listen on; 0 selects a free port' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l engine -d 'HTTP engine' -r -f -a "hyper\t'Deadlines, limits, many connections'
tiny-http\t'Small and without an async runtime; for this machine only'"
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l admin -d 'Address and port for /metrics, /healthz and /readyz (server.admin); no authentication' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l log-level -d 'Log level; info includes every request' -r -f -a "error\t''
warn\t''
info\t''
debug\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l log-format -d 'Format of the log on standard error' -r -f -a "text\t''
json\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l migrate -d 'Migrate an existing database first'
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "list" -d 'List users, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "show" -d 'Show a user with linked accounts and the number of sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "create" -d 'Create a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "update" -d 'Update a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "set-password" -d 'Set a user\'s password and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "verify-email" -d 'Mark a user\'s email as verified, or send a verification link'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "send-reset" -d 'Send a password reset link to a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "invite" -d 'Create a user without a password and send a link to set one'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "unlock" -d 'Unlock a user after too many wrong passwords'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "delete" -d 'Delete users with their sessions and accounts'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "set-role" -d 'Set the role of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "ban" -d 'Ban a user and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "unban" -d 'Lift the ban of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and not __fish_seen_subcommand_from list show create update set-password verify-email send-reset invite unlock delete set-role ban unban help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l limit -d 'Maximum number of rows [default: 100]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l offset -d 'Rows to skip' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l search -d 'Only users whose name or email contains this text' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l filter -d 'A filter of a plugin; several must all match' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l sort -d 'Field to sort by, then :asc or :desc' -r -f -a "name\t''
email\t''
createdAt\t''
updatedAt\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l role -d 'Only users with this role' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l total -d 'Count all matching rows; slow if there are many'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l banned -d 'Only users with a ban that has not expired'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l email -d 'Email address' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l name -d 'Display name [default: the part of the address before the @]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l image -d 'URL of a profile picture' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l field -d 'Value of an additional field (user.additionalFields); arrays and json as JSON' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l password -d 'The password; other users of this machine can see it in the list of processes' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l role -d 'Role, such as admin; separate several with commas' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l username -d 'Username for signing in' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l verified -d 'Mark the email as verified'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l password-stdin -d 'Read the password from standard input'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l no-password -d 'Create the user without a password: password sign-in is disabled until one is set'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l if-not-exists -d 'Succeed without changes if the address is taken'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l name -d 'New display name' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l email -d 'New email address; unverified unless --verified is given' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l image -d 'New URL of a profile picture' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l field -d 'Value of an additional field (user.additionalFields); arrays and json as JSON' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l unset -d 'Remove the value of an additional field that is not required' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l role -d 'Role, such as admin; separate several with commas' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l username -d 'Username for signing in' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l no-image -d 'Remove the profile picture'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l verified -d 'Mark the email as verified'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l unverified -d 'Mark the email as not verified'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l password -d 'The password; other users of this machine can see it in the list of processes' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l password-stdin -d 'Read the password from standard input'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l keep-sessions -d 'Keep the user\'s sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-password" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -l callback-url -d 'Redirect URL of the link [default: a page of this server]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -l send -d 'Send a verification link instead'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from verify-email" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -l redirect-to -d 'The page that receives the token [default: a form of this server]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from send-reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l name -d 'Display name [default: the part of the address before the @]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l days -d 'Lifetime of the link in days' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l redirect-to -d 'The page that receives the token [default: a form of this server]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l field -d 'Value of an additional field (user.additionalFields); arrays and json as JSON' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l role -d 'Role, such as admin; separate several with commas' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l username -d 'Username for signing in' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l unverified -d 'Mark the email as not verified'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from invite" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from set-role" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -l reason -d 'Reason; administrators can read it' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -l expires-in -d 'Duration, such as 3600 (seconds), 90m, 12h or 7d [default: permanent]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from ban" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from unban" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "list" -d 'List users, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a user with linked accounts and the number of sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "update" -d 'Update a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "set-password" -d 'Set a user\'s password and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "verify-email" -d 'Mark a user\'s email as verified, or send a verification link'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "send-reset" -d 'Send a password reset link to a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "invite" -d 'Create a user without a password and send a link to set one'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Unlock a user after too many wrong passwords'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete users with their sessions and accounts'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "set-role" -d 'Set the role of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "ban" -d 'Ban a user and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "unban" -d 'Lift the ban of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand users; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -f -a "list" -d 'List sessions, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -f -a "revoke" -d 'Revoke sessions, effective immediately'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and not __fish_seen_subcommand_from list revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l user -d 'Only sessions of this user; id or email address' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l limit -d 'Maximum number of rows [default: 100]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l offset -d 'Rows to skip' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l sort -d 'Field to sort by, then :asc or :desc' -r -f -a "createdAt\t''
updatedAt\t''
expiresAt\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l all -d 'Include expired sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l show-tokens -d 'Include tokens, in JSON only; a token is enough to be signed in'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l total -d 'Count all matching rows; slow if there are many'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -l user -d 'All sessions of this user; id or email address' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -l all -d 'All sessions of all users'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "list" -d 'List sessions, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revoke sessions, effective immediately'
complete -c better-auth -n "__fish_better_auth_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l email -d 'Email address' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l name -d 'Display name [default: the part of the address before the @]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l image -d 'URL of a profile picture' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l field -d 'Value of an additional field (user.additionalFields); arrays and json as JSON' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l password -d 'The password; other users of this machine can see it in the list of processes' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l role -d 'Role, such as admin; separate several with commas' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l username -d 'Username for signing in' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l verified -d 'Mark the email as verified'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l password-stdin -d 'Read the password from standard input'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l no-password -d 'Create the user without a password: password sign-in is disabled until one is set'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l if-not-exists -d 'Succeed without changes if the address is taken'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand create-user" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l limit -d 'Maximum number of rows [default: 100]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l offset -d 'Rows to skip' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l search -d 'Only users whose name or email contains this text' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l filter -d 'A filter of a plugin; several must all match' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l sort -d 'Field to sort by, then :asc or :desc' -r -f -a "name\t''
email\t''
createdAt\t''
updatedAt\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l role -d 'Only users with this role' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l total -d 'Count all matching rows; slow if there are many'
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l banned -d 'Only users with a ban that has not expired'
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand list-users" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -l user -d 'All sessions of this user; id or email address' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -l all -d 'All sessions of all users'
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand revoke-sessions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -f -a "list" -d 'List a user\'s linked accounts, without secrets'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -f -a "unlink" -d 'Unlink an account of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and not __fish_seen_subcommand_from list unlink help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -l user -d 'Id or email address of the user' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -l user -d 'Id or email address of the user' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -s y -l yes -d 'Do not ask for confirmation'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from unlink" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from help" -f -a "list" -d 'List a user\'s linked accounts, without secrets'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from help" -f -a "unlink" -d 'Unlink an account of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand accounts; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -f -a "list" -d 'List the configured providers, with what to enter in their consoles'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -f -a "check" -d 'Check that sign-in with the configured providers works'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and not __fish_seen_subcommand_from list check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the configured providers, with what to enter in their consoles'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that sign-in with the configured providers works'
complete -c better-auth -n "__fish_better_auth_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -f -a "list" -d 'List emails, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -f -a "retry" -d 'Retry failed emails'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -f -a "send" -d 'Send pending emails once'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -f -a "test" -d 'Send a test email now'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and not __fish_seen_subcommand_from list retry send test help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l status -d 'Only emails with this status' -r -f -a "pending\t''
sent\t''
failed\t''"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l limit -d 'Maximum number of rows [default: 100]' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l offset -d 'Rows to skip' -r -f
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -l all -d 'All failed emails'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "list" -d 'List emails, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "retry" -d 'Retry failed emails'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "send" -d 'Send pending emails once'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "test" -d 'Send a test email now'
complete -c better-auth -n "__fish_better_auth_using_subcommand mail; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -f -a "generate" -d 'Print a new secret for signing cookies'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and not __fish_seen_subcommand_from generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Print a new secret for signing cookies'
complete -c better-auth -n "__fish_better_auth_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -f -a "schema" -d 'Print the JSON Schema of the configuration file, for editors'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and not __fish_seen_subcommand_from schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the JSON Schema of the configuration file, for editors'
complete -c better-auth -n "__fish_better_auth_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -s c -l config -d 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -l database -d 'Database, such as sqlite:better-auth.db or a PostgreSQL URL' -r -F
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -s o -l output -d 'Format of the data on standard output' -r -f -a "table\t'For terminals'
json\t'For programs: exactly as in the REST API'
csv\t'For spreadsheets: formulas are disabled, and control characters are escaped as in tables'"
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -l json -d 'Short for --output json'
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -s q -l quiet -d 'Print only data, warnings and errors'
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "init" -d 'Write a configuration file with a new secret'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "migrate" -d 'Create the tables, or add what is missing in an existing database'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "adopt" -d 'Find the configuration that opens a database of Better Auth'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "db" -d 'Copy all data to another database'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "serve" -d 'Serve the REST API'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "users" -d 'Manage users'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "sessions" -d 'Manage sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "create-user" -d 'Create a user; the same as `users create`'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "list-users" -d 'List users; the same as `users list`'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "revoke-sessions" -d 'Revoke sessions; the same as `sessions revoke`'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "accounts" -d 'Manage linked accounts (password, Google, …)'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "providers" -d 'List and check OAuth and OpenID Connect providers'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "mail" -d 'List and send emails'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "secret" -d 'Generate secrets'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "config" -d 'Describe the configuration file'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "info" -d 'Show version, configuration and database, without secrets'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and not __fish_seen_subcommand_from init migrate adopt db serve users sessions create-user list-users revoke-sessions accounts providers mail secret config info completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "status" -d 'Check whether the database is up to date'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "check" -d 'Check every row for values that cannot be read, and repair what is safe to repair'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from db" -f -a "copy" -d 'Copy all data into another database, and compare both row by row'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "list" -d 'List users, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "show" -d 'Show a user with linked accounts and the number of sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "create" -d 'Create a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "update" -d 'Update a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "set-password" -d 'Set a user\'s password and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "verify-email" -d 'Mark a user\'s email as verified, or send a verification link'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "send-reset" -d 'Send a password reset link to a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "invite" -d 'Create a user without a password and send a link to set one'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "unlock" -d 'Unlock a user after too many wrong passwords'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "delete" -d 'Delete users with their sessions and accounts'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "set-role" -d 'Set the role of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "ban" -d 'Ban a user and revoke their sessions'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from users" -f -a "unban" -d 'Lift the ban of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "list" -d 'List sessions, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "revoke" -d 'Revoke sessions, effective immediately'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from accounts" -f -a "list" -d 'List a user\'s linked accounts, without secrets'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from accounts" -f -a "unlink" -d 'Unlink an account of a user'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from providers" -f -a "list" -d 'List the configured providers, with what to enter in their consoles'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from providers" -f -a "check" -d 'Check that sign-in with the configured providers works'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "list" -d 'List emails, newest first'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "retry" -d 'Retry failed emails'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "send" -d 'Send pending emails once'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from mail" -f -a "test" -d 'Send a test email now'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "generate" -d 'Print a new secret for signing cookies'
complete -c better-auth -n "__fish_better_auth_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "schema" -d 'Print the JSON Schema of the configuration file, for editors'
complete -c better-auth -n "__fish_better_auth_using_subcommand completions" -f -a "bash elvish fish powershell zsh"
