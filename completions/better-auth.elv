
use builtin;
use str;

set edit:completion:arg-completer[better-auth] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'better-auth'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'better-auth'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand init 'Write a configuration file with a new secret'
            cand migrate 'Create the tables, or add what is missing in an existing database'
            cand adopt 'Find the configuration that opens a database of Better Auth'
            cand db 'Copy all data to another database'
            cand serve 'Serve the REST API'
            cand users 'Manage users'
            cand sessions 'Manage sessions'
            cand create-user 'Create a user; the same as `users create`'
            cand list-users 'List users; the same as `users list`'
            cand revoke-sessions 'Revoke sessions; the same as `sessions revoke`'
            cand accounts 'Manage linked accounts (password, Google, …)'
            cand providers 'List and check OAuth and OpenID Connect providers'
            cand mail 'List and send emails'
            cand secret 'Generate secrets'
            cand config 'Describe the configuration file'
            cand info 'Show version, configuration and database, without secrets'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;init'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --force 'Overwrite an existing file, including its secret'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;migrate'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --dry-run 'Show the plan and change nothing'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --sql 'Show the SQL statements'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand status 'Check whether the database is up to date'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;migrate;status'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;migrate;help'= {
            cand status 'Check whether the database is up to date'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;migrate;help;status'= {
        }
        &'better-auth;migrate;help;help'= {
        }
        &'better-auth;adopt'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --write 'Write the configuration to better-auth.toml, which must not exist yet'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;db'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand check 'Check every row for values that cannot be read, and repair what is safe to repair'
            cand copy 'Copy all data into another database, and compare both row by row'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;db;check'= {
            cand --limit 'Longest list of values; all are counted'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --fix 'Replace values that cannot be read by what they are read as, row by row'
            cand --delete-orphans 'Delete rows that refer to a row that does not exist'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;db;copy'= {
            cand --from 'Source [default: the configured database]'
            cand --to 'Target'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --merge 'Copy into a database with other data, which is kept'
            cand --mirror 'Make an earlier copy equal to its source: delete rows that the source no longer has, replace changed ones'
            cand --dry-run 'Show what would be copied and write nothing'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;db;help'= {
            cand check 'Check every row for values that cannot be read, and repair what is safe to repair'
            cand copy 'Copy all data into another database, and compare both row by row'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;db;help;check'= {
        }
        &'better-auth;db;help;copy'= {
        }
        &'better-auth;db;help;help'= {
        }
        &'better-auth;serve'= {
            cand --host 'Host name or address to listen on'
            cand -p 'Port to listen on; 0 selects a free port'
            cand --port 'Port to listen on; 0 selects a free port'
            cand --engine 'HTTP engine'
            cand --admin 'Address and port for /metrics, /healthz and /readyz (server.admin); no authentication'
            cand --log-level 'Log level; info includes every request'
            cand --log-format 'Format of the log on standard error'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --migrate 'Migrate an existing database first'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List users, newest first'
            cand show 'Show a user with linked accounts and the number of sessions'
            cand create 'Create a user'
            cand update 'Update a user'
            cand set-password 'Set a user''s password and revoke their sessions'
            cand verify-email 'Mark a user''s email as verified, or send a verification link'
            cand send-reset 'Send a password reset link to a user'
            cand invite 'Create a user without a password and send a link to set one'
            cand unlock 'Unlock a user after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Set the role of a user'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Lift the ban of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;users;list'= {
            cand --limit 'Maximum number of rows [default: 100]'
            cand --offset 'Rows to skip'
            cand --search 'Only users whose name or email contains this text'
            cand --filter 'A filter of a plugin; several must all match'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand --role 'Only users with this role'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --total 'Count all matching rows; slow if there are many'
            cand --banned 'Only users with a ban that has not expired'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;show'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;create'= {
            cand --email 'Email address'
            cand --name 'Display name [default: the part of the address before the @]'
            cand --image 'URL of a profile picture'
            cand --field 'Value of an additional field (user.additionalFields); arrays and json as JSON'
            cand --password 'The password; other users of this machine can see it in the list of processes'
            cand --role 'Role, such as admin; separate several with commas'
            cand --username 'Username for signing in'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --verified 'Mark the email as verified'
            cand --password-stdin 'Read the password from standard input'
            cand --no-password 'Create the user without a password: password sign-in is disabled until one is set'
            cand --if-not-exists 'Succeed without changes if the address is taken'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;update'= {
            cand --name 'New display name'
            cand --email 'New email address; unverified unless --verified is given'
            cand --image 'New URL of a profile picture'
            cand --field 'Value of an additional field (user.additionalFields); arrays and json as JSON'
            cand --unset 'Remove the value of an additional field that is not required'
            cand --role 'Role, such as admin; separate several with commas'
            cand --username 'Username for signing in'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --no-image 'Remove the profile picture'
            cand --verified 'Mark the email as verified'
            cand --unverified 'Mark the email as not verified'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;set-password'= {
            cand --password 'The password; other users of this machine can see it in the list of processes'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --password-stdin 'Read the password from standard input'
            cand --keep-sessions 'Keep the user''s sessions'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;verify-email'= {
            cand --callback-url 'Redirect URL of the link [default: a page of this server]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --send 'Send a verification link instead'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;send-reset'= {
            cand --redirect-to 'The page that receives the token [default: a form of this server]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;invite'= {
            cand --name 'Display name [default: the part of the address before the @]'
            cand --days 'Lifetime of the link in days'
            cand --redirect-to 'The page that receives the token [default: a form of this server]'
            cand --field 'Value of an additional field (user.additionalFields); arrays and json as JSON'
            cand --role 'Role, such as admin; separate several with commas'
            cand --username 'Username for signing in'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --unverified 'Mark the email as not verified'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;unlock'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;delete'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;set-role'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;ban'= {
            cand --reason 'Reason; administrators can read it'
            cand --expires-in 'Duration, such as 3600 (seconds), 90m, 12h or 7d [default: permanent]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;unban'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;help'= {
            cand list 'List users, newest first'
            cand show 'Show a user with linked accounts and the number of sessions'
            cand create 'Create a user'
            cand update 'Update a user'
            cand set-password 'Set a user''s password and revoke their sessions'
            cand verify-email 'Mark a user''s email as verified, or send a verification link'
            cand send-reset 'Send a password reset link to a user'
            cand invite 'Create a user without a password and send a link to set one'
            cand unlock 'Unlock a user after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Set the role of a user'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Lift the ban of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;users;help;list'= {
        }
        &'better-auth;users;help;show'= {
        }
        &'better-auth;users;help;create'= {
        }
        &'better-auth;users;help;update'= {
        }
        &'better-auth;users;help;set-password'= {
        }
        &'better-auth;users;help;verify-email'= {
        }
        &'better-auth;users;help;send-reset'= {
        }
        &'better-auth;users;help;invite'= {
        }
        &'better-auth;users;help;unlock'= {
        }
        &'better-auth;users;help;delete'= {
        }
        &'better-auth;users;help;set-role'= {
        }
        &'better-auth;users;help;ban'= {
        }
        &'better-auth;users;help;unban'= {
        }
        &'better-auth;users;help;help'= {
        }
        &'better-auth;sessions'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List sessions, newest first'
            cand revoke 'Revoke sessions, effective immediately'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;sessions;list'= {
            cand --user 'Only sessions of this user; id or email address'
            cand --limit 'Maximum number of rows [default: 100]'
            cand --offset 'Rows to skip'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'Include expired sessions'
            cand --show-tokens 'Include tokens, in JSON only; a token is enough to be signed in'
            cand --total 'Count all matching rows; slow if there are many'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;sessions;revoke'= {
            cand --user 'All sessions of this user; id or email address'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'All sessions of all users'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;sessions;help'= {
            cand list 'List sessions, newest first'
            cand revoke 'Revoke sessions, effective immediately'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;sessions;help;list'= {
        }
        &'better-auth;sessions;help;revoke'= {
        }
        &'better-auth;sessions;help;help'= {
        }
        &'better-auth;create-user'= {
            cand --email 'Email address'
            cand --name 'Display name [default: the part of the address before the @]'
            cand --image 'URL of a profile picture'
            cand --field 'Value of an additional field (user.additionalFields); arrays and json as JSON'
            cand --password 'The password; other users of this machine can see it in the list of processes'
            cand --role 'Role, such as admin; separate several with commas'
            cand --username 'Username for signing in'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --verified 'Mark the email as verified'
            cand --password-stdin 'Read the password from standard input'
            cand --no-password 'Create the user without a password: password sign-in is disabled until one is set'
            cand --if-not-exists 'Succeed without changes if the address is taken'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;list-users'= {
            cand --limit 'Maximum number of rows [default: 100]'
            cand --offset 'Rows to skip'
            cand --search 'Only users whose name or email contains this text'
            cand --filter 'A filter of a plugin; several must all match'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand --role 'Only users with this role'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --total 'Count all matching rows; slow if there are many'
            cand --banned 'Only users with a ban that has not expired'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;revoke-sessions'= {
            cand --user 'All sessions of this user; id or email address'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'All sessions of all users'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List a user''s linked accounts, without secrets'
            cand unlink 'Unlink an account of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;accounts;list'= {
            cand --user 'Id or email address of the user'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts;unlink'= {
            cand --user 'Id or email address of the user'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts;help'= {
            cand list 'List a user''s linked accounts, without secrets'
            cand unlink 'Unlink an account of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;accounts;help;list'= {
        }
        &'better-auth;accounts;help;unlink'= {
        }
        &'better-auth;accounts;help;help'= {
        }
        &'better-auth;providers'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Check that sign-in with the configured providers works'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;providers;list'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;providers;check'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;providers;help'= {
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Check that sign-in with the configured providers works'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;providers;help;list'= {
        }
        &'better-auth;providers;help;check'= {
        }
        &'better-auth;providers;help;help'= {
        }
        &'better-auth;mail'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List emails, newest first'
            cand retry 'Retry failed emails'
            cand send 'Send pending emails once'
            cand test 'Send a test email now'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;mail;list'= {
            cand --status 'Only emails with this status'
            cand --limit 'Maximum number of rows [default: 100]'
            cand --offset 'Rows to skip'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;retry'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'All failed emails'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;send'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;test'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;help'= {
            cand list 'List emails, newest first'
            cand retry 'Retry failed emails'
            cand send 'Send pending emails once'
            cand test 'Send a test email now'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;mail;help;list'= {
        }
        &'better-auth;mail;help;retry'= {
        }
        &'better-auth;mail;help;send'= {
        }
        &'better-auth;mail;help;test'= {
        }
        &'better-auth;mail;help;help'= {
        }
        &'better-auth;secret'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand generate 'Print a new secret for signing cookies'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;secret;generate'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;secret;help'= {
            cand generate 'Print a new secret for signing cookies'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;secret;help;generate'= {
        }
        &'better-auth;secret;help;help'= {
        }
        &'better-auth;config'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand schema 'Print the JSON Schema of the configuration file, for editors'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;config;schema'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;config;help'= {
            cand schema 'Print the JSON Schema of the configuration file, for editors'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;config;help;schema'= {
        }
        &'better-auth;config;help;help'= {
        }
        &'better-auth;info'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;completions'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]'
            cand --database 'Database, such as sqlite:better-auth.db or a PostgreSQL URL'
            cand -o 'Format of the data on standard output'
            cand --output 'Format of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Print only data, warnings and errors'
            cand --quiet 'Print only data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;help'= {
            cand init 'Write a configuration file with a new secret'
            cand migrate 'Create the tables, or add what is missing in an existing database'
            cand adopt 'Find the configuration that opens a database of Better Auth'
            cand db 'Copy all data to another database'
            cand serve 'Serve the REST API'
            cand users 'Manage users'
            cand sessions 'Manage sessions'
            cand create-user 'Create a user; the same as `users create`'
            cand list-users 'List users; the same as `users list`'
            cand revoke-sessions 'Revoke sessions; the same as `sessions revoke`'
            cand accounts 'Manage linked accounts (password, Google, …)'
            cand providers 'List and check OAuth and OpenID Connect providers'
            cand mail 'List and send emails'
            cand secret 'Generate secrets'
            cand config 'Describe the configuration file'
            cand info 'Show version, configuration and database, without secrets'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;help;init'= {
        }
        &'better-auth;help;migrate'= {
            cand status 'Check whether the database is up to date'
        }
        &'better-auth;help;migrate;status'= {
        }
        &'better-auth;help;adopt'= {
        }
        &'better-auth;help;db'= {
            cand check 'Check every row for values that cannot be read, and repair what is safe to repair'
            cand copy 'Copy all data into another database, and compare both row by row'
        }
        &'better-auth;help;db;check'= {
        }
        &'better-auth;help;db;copy'= {
        }
        &'better-auth;help;serve'= {
        }
        &'better-auth;help;users'= {
            cand list 'List users, newest first'
            cand show 'Show a user with linked accounts and the number of sessions'
            cand create 'Create a user'
            cand update 'Update a user'
            cand set-password 'Set a user''s password and revoke their sessions'
            cand verify-email 'Mark a user''s email as verified, or send a verification link'
            cand send-reset 'Send a password reset link to a user'
            cand invite 'Create a user without a password and send a link to set one'
            cand unlock 'Unlock a user after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Set the role of a user'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Lift the ban of a user'
        }
        &'better-auth;help;users;list'= {
        }
        &'better-auth;help;users;show'= {
        }
        &'better-auth;help;users;create'= {
        }
        &'better-auth;help;users;update'= {
        }
        &'better-auth;help;users;set-password'= {
        }
        &'better-auth;help;users;verify-email'= {
        }
        &'better-auth;help;users;send-reset'= {
        }
        &'better-auth;help;users;invite'= {
        }
        &'better-auth;help;users;unlock'= {
        }
        &'better-auth;help;users;delete'= {
        }
        &'better-auth;help;users;set-role'= {
        }
        &'better-auth;help;users;ban'= {
        }
        &'better-auth;help;users;unban'= {
        }
        &'better-auth;help;sessions'= {
            cand list 'List sessions, newest first'
            cand revoke 'Revoke sessions, effective immediately'
        }
        &'better-auth;help;sessions;list'= {
        }
        &'better-auth;help;sessions;revoke'= {
        }
        &'better-auth;help;create-user'= {
        }
        &'better-auth;help;list-users'= {
        }
        &'better-auth;help;revoke-sessions'= {
        }
        &'better-auth;help;accounts'= {
            cand list 'List a user''s linked accounts, without secrets'
            cand unlink 'Unlink an account of a user'
        }
        &'better-auth;help;accounts;list'= {
        }
        &'better-auth;help;accounts;unlink'= {
        }
        &'better-auth;help;providers'= {
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Check that sign-in with the configured providers works'
        }
        &'better-auth;help;providers;list'= {
        }
        &'better-auth;help;providers;check'= {
        }
        &'better-auth;help;mail'= {
            cand list 'List emails, newest first'
            cand retry 'Retry failed emails'
            cand send 'Send pending emails once'
            cand test 'Send a test email now'
        }
        &'better-auth;help;mail;list'= {
        }
        &'better-auth;help;mail;retry'= {
        }
        &'better-auth;help;mail;send'= {
        }
        &'better-auth;help;mail;test'= {
        }
        &'better-auth;help;secret'= {
            cand generate 'Print a new secret for signing cookies'
        }
        &'better-auth;help;secret;generate'= {
        }
        &'better-auth;help;config'= {
            cand schema 'Print the JSON Schema of the configuration file, for editors'
        }
        &'better-auth;help;config;schema'= {
        }
        &'better-auth;help;info'= {
        }
        &'better-auth;help;completions'= {
        }
        &'better-auth;help;help'= {
        }
    ]
    $completions[$command]
}
