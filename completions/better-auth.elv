
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
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand init 'Write a configuration file with a new secret'
            cand migrate 'Create the tables, or add what an existing database lacks'
            cand db 'Move everything to another database'
            cand serve 'Serve the REST API'
            cand users 'Manage users'
            cand sessions 'Manage sessions'
            cand create-user 'Create a user; the same as `users create`'
            cand list-users 'List users; the same as `users list`'
            cand revoke-sessions 'End sessions; the same as `sessions revoke`'
            cand accounts 'Manage linked accounts (password, Google, …)'
            cand providers 'See and check the providers that people sign in with'
            cand mail 'See and send messages'
            cand secret 'Make secrets'
            cand config 'Describe the configuration file'
            cand info 'Show version, configuration and database, without any secret'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;init'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --force 'Write over a file that is there, its secret included'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;migrate'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --dry-run 'Show what would be done and change nothing'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --sql 'Show the statements too'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand status 'Say whether the database is up to date'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;migrate;status'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;migrate;help'= {
            cand status 'Say whether the database is up to date'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;migrate;help;status'= {
        }
        &'better-auth;migrate;help;help'= {
        }
        &'better-auth;db'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand copy 'Copy everything into another database, and compare both row by row'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;db;copy'= {
            cand --from 'Where the data is [default: the configured database]'
            cand --to 'Where it is to be'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --merge 'Copy into a database that holds other data, which stays'
            cand --mirror 'Make a copy equal to its source again: delete what the source no longer has, replace what differs'
            cand --dry-run 'Show what would be copied and write nothing'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;db;help'= {
            cand copy 'Copy everything into another database, and compare both row by row'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;db;help;copy'= {
        }
        &'better-auth;db;help;help'= {
        }
        &'better-auth;serve'= {
            cand --host 'Name or address to listen on'
            cand -p 'Port to listen on; 0 takes any that is free'
            cand --port 'Port to listen on; 0 takes any that is free'
            cand --engine 'Who owns the sockets'
            cand --admin 'Address and port for /metrics, /healthz and /readyz, as server.admin; whoever reaches it can read them'
            cand --log-level 'What to write down; info includes every request'
            cand --log-format 'Form of the log on standard error'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --migrate 'Bring an existing database up to date first'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List users, the newest first'
            cand show 'Show a user, their ways in and their sessions'
            cand create 'Create a user'
            cand update 'Change a user'
            cand set-password 'Set a user''s password and end their sessions'
            cand verify-email 'Mark a user''s address as verified, or send them the link'
            cand send-reset 'Send a user a link to a new password'
            cand invite 'Create a user without a password and send them a link to choose one'
            cand unlock 'Let a user sign in again after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Give a user other roles'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Let a banned user in again'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;users;list'= {
            cand --limit 'Rows at most [default: 100]'
            cand --offset 'Rows to skip'
            cand --search 'Only users whose name or address contains this text'
            cand --filter 'A filter of a plugin; several must all match'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand --role 'Only users with this role'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --total 'Count all that match too; takes as long as there are many'
            cand --banned 'Only users with a ban that has not expired'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;show'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;create'= {
            cand --email 'E-mail address'
            cand --name 'Display name [default: the part of the address before the @]'
            cand --image 'URL of a picture'
            cand --field 'Value of a field of user.additionalFields; lists and json as JSON'
            cand --password 'The password itself; others can see it in the list of processes'
            cand --role 'What they may do, such as admin; several with commas'
            cand --username 'The name to sign in with'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --verified 'Mark the email as verified'
            cand --password-stdin 'Read the password from standard input'
            cand --no-password 'Without a password: they cannot sign in with one until it is set'
            cand --if-not-exists 'Succeed and change nothing when the address is taken'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;update'= {
            cand --name 'New display name'
            cand --email 'New e-mail address; unverified unless --verified says otherwise'
            cand --image 'New URL of a picture'
            cand --field 'Value of a field of user.additionalFields; lists and json as JSON'
            cand --unset 'Remove the value of an additional field that is not required'
            cand --role 'What they may do, such as admin; several with commas'
            cand --username 'The name to sign in with'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --no-image 'Remove the picture'
            cand --verified 'Mark the email as verified'
            cand --unverified 'Mark the email as not verified'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;set-password'= {
            cand --password 'The password itself; others can see it in the list of processes'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --password-stdin 'Read the password from standard input'
            cand --keep-sessions 'Leave the user''s sessions alive'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;verify-email'= {
            cand --callback-url 'Where the link leads afterwards [default: a page of this server]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --send 'Send the link that verifies the address, instead'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;send-reset'= {
            cand --redirect-to 'The page that takes the token [default: a form of this server]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;invite'= {
            cand --name 'Display name [default: the part of the address before the @]'
            cand --days 'How long the link works, in days'
            cand --redirect-to 'The page that takes the token [default: a form of this server]'
            cand --field 'Value of a field of user.additionalFields; lists and json as JSON'
            cand --role 'What they may do, such as admin; several with commas'
            cand --username 'The name to sign in with'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --unverified 'Mark the email as not verified'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;unlock'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;delete'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;set-role'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;ban'= {
            cand --reason 'Why; administrators can read it'
            cand --expires-in 'For how long, such as 3600 (seconds), 90m, 12h or 7d [default: for ever]'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;unban'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;users;help'= {
            cand list 'List users, the newest first'
            cand show 'Show a user, their ways in and their sessions'
            cand create 'Create a user'
            cand update 'Change a user'
            cand set-password 'Set a user''s password and end their sessions'
            cand verify-email 'Mark a user''s address as verified, or send them the link'
            cand send-reset 'Send a user a link to a new password'
            cand invite 'Create a user without a password and send them a link to choose one'
            cand unlock 'Let a user sign in again after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Give a user other roles'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Let a banned user in again'
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
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List sessions, the newest first'
            cand revoke 'Revoke sessions, effective immediately'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;sessions;list'= {
            cand --user 'Only this user''s; id or e-mail address'
            cand --limit 'Rows at most [default: 100]'
            cand --offset 'Rows to skip'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'Those that are over, too'
            cand --show-tokens 'Tokens too, in JSON only: whoever has one is signed in'
            cand --total 'Count all that match too; takes as long as there are many'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;sessions;revoke'= {
            cand --user 'All sessions of this user; id or e-mail address'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'Everybody''s sessions'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;sessions;help'= {
            cand list 'List sessions, the newest first'
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
            cand --email 'E-mail address'
            cand --name 'Display name [default: the part of the address before the @]'
            cand --image 'URL of a picture'
            cand --field 'Value of a field of user.additionalFields; lists and json as JSON'
            cand --password 'The password itself; others can see it in the list of processes'
            cand --role 'What they may do, such as admin; several with commas'
            cand --username 'The name to sign in with'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --verified 'Mark the email as verified'
            cand --password-stdin 'Read the password from standard input'
            cand --no-password 'Without a password: they cannot sign in with one until it is set'
            cand --if-not-exists 'Succeed and change nothing when the address is taken'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;list-users'= {
            cand --limit 'Rows at most [default: 100]'
            cand --offset 'Rows to skip'
            cand --search 'Only users whose name or address contains this text'
            cand --filter 'A filter of a plugin; several must all match'
            cand --sort 'Field to sort by, then :asc or :desc'
            cand --role 'Only users with this role'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --total 'Count all that match too; takes as long as there are many'
            cand --banned 'Only users with a ban that has not expired'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;revoke-sessions'= {
            cand --user 'All sessions of this user; id or e-mail address'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'Everybody''s sessions'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List a user''s ways in, without their secrets'
            cand unlink 'Remove a way in of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;accounts;list'= {
            cand --user 'Id or e-mail address of the user'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts;unlink'= {
            cand --user 'Id or e-mail address of the user'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand -y 'Do not ask'
            cand --yes 'Do not ask'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;accounts;help'= {
            cand list 'List a user''s ways in, without their secrets'
            cand unlink 'Remove a way in of a user'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;accounts;help;list'= {
        }
        &'better-auth;accounts;help;unlink'= {
        }
        &'better-auth;accounts;help;help'= {
        }
        &'better-auth;providers'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Ask providers for everything that a sign-in needs of them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;providers;list'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;providers;check'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;providers;help'= {
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Ask providers for everything that a sign-in needs of them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;providers;help;list'= {
        }
        &'better-auth;providers;help;check'= {
        }
        &'better-auth;providers;help;help'= {
        }
        &'better-auth;mail'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List messages, the newest first'
            cand retry 'Try messages again that were not taken'
            cand send 'Send the messages that wait, once'
            cand test 'Send a test message now'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;mail;list'= {
            cand --status 'Only those that stand like this'
            cand --limit 'Rows at most [default: 100]'
            cand --offset 'Rows to skip'
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;retry'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --all 'All that were not taken'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;send'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;test'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;mail;help'= {
            cand list 'List messages, the newest first'
            cand retry 'Try messages again that were not taken'
            cand send 'Send the messages that wait, once'
            cand test 'Send a test message now'
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
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand generate 'Print a new secret for signing cookies'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;secret;generate'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
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
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand schema 'Print the JSON Schema of the configuration file, for editors'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;config;schema'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
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
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;completions'= {
            cand -c 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --config 'Configuration file [default: better-auth.toml or better-auth.json, if one is here]'
            cand --database 'Database, such as sqlite:better-auth.db or the URL of a PostgreSQL server'
            cand -o 'Form of the data on standard output'
            cand --output 'Form of the data on standard output'
            cand --color 'When to use colours'
            cand --json 'Short for --output json'
            cand -q 'Say nothing but data, warnings and errors'
            cand --quiet 'Say nothing but data, warnings and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'better-auth;help'= {
            cand init 'Write a configuration file with a new secret'
            cand migrate 'Create the tables, or add what an existing database lacks'
            cand db 'Move everything to another database'
            cand serve 'Serve the REST API'
            cand users 'Manage users'
            cand sessions 'Manage sessions'
            cand create-user 'Create a user; the same as `users create`'
            cand list-users 'List users; the same as `users list`'
            cand revoke-sessions 'End sessions; the same as `sessions revoke`'
            cand accounts 'Manage linked accounts (password, Google, …)'
            cand providers 'See and check the providers that people sign in with'
            cand mail 'See and send messages'
            cand secret 'Make secrets'
            cand config 'Describe the configuration file'
            cand info 'Show version, configuration and database, without any secret'
            cand completions 'Print the completion script of a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'better-auth;help;init'= {
        }
        &'better-auth;help;migrate'= {
            cand status 'Say whether the database is up to date'
        }
        &'better-auth;help;migrate;status'= {
        }
        &'better-auth;help;db'= {
            cand copy 'Copy everything into another database, and compare both row by row'
        }
        &'better-auth;help;db;copy'= {
        }
        &'better-auth;help;serve'= {
        }
        &'better-auth;help;users'= {
            cand list 'List users, the newest first'
            cand show 'Show a user, their ways in and their sessions'
            cand create 'Create a user'
            cand update 'Change a user'
            cand set-password 'Set a user''s password and end their sessions'
            cand verify-email 'Mark a user''s address as verified, or send them the link'
            cand send-reset 'Send a user a link to a new password'
            cand invite 'Create a user without a password and send them a link to choose one'
            cand unlock 'Let a user sign in again after too many wrong passwords'
            cand delete 'Delete users with their sessions and accounts'
            cand set-role 'Give a user other roles'
            cand ban 'Ban a user and revoke their sessions'
            cand unban 'Let a banned user in again'
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
            cand list 'List sessions, the newest first'
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
            cand list 'List a user''s ways in, without their secrets'
            cand unlink 'Remove a way in of a user'
        }
        &'better-auth;help;accounts;list'= {
        }
        &'better-auth;help;accounts;unlink'= {
        }
        &'better-auth;help;providers'= {
            cand list 'List the configured providers, with what to enter in their consoles'
            cand check 'Ask providers for everything that a sign-in needs of them'
        }
        &'better-auth;help;providers;list'= {
        }
        &'better-auth;help;providers;check'= {
        }
        &'better-auth;help;mail'= {
            cand list 'List messages, the newest first'
            cand retry 'Try messages again that were not taken'
            cand send 'Send the messages that wait, once'
            cand test 'Send a test message now'
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
