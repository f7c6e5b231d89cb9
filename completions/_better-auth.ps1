
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'better-auth' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'better-auth'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'better-auth' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a configuration file with a new secret')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Create the tables, or add what is missing in an existing database')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Find the configuration that opens a database of Better Auth')
            [CompletionResult]::new('db', 'db', [CompletionResultType]::ParameterValue, 'Copy all data to another database')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the REST API')
            [CompletionResult]::new('users', 'users', [CompletionResultType]::ParameterValue, 'Manage users')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'Manage sessions')
            [CompletionResult]::new('create-user', 'create-user', [CompletionResultType]::ParameterValue, 'Create a user; the same as `users create`')
            [CompletionResult]::new('list-users', 'list-users', [CompletionResultType]::ParameterValue, 'List users; the same as `users list`')
            [CompletionResult]::new('revoke-sessions', 'revoke-sessions', [CompletionResultType]::ParameterValue, 'Revoke sessions; the same as `sessions revoke`')
            [CompletionResult]::new('accounts', 'accounts', [CompletionResultType]::ParameterValue, 'Manage linked accounts (password, Google, …)')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'List and check OAuth and OpenID Connect providers')
            [CompletionResult]::new('mail', 'mail', [CompletionResultType]::ParameterValue, 'List and send emails')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Generate secrets')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Describe the configuration file')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'Show version, configuration and database, without secrets')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;init' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Overwrite an existing file, including its secret')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;migrate' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the plan and change nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--sql', '--sql', [CompletionResultType]::ParameterName, 'Show the SQL statements')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Check whether the database is up to date')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;migrate;status' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;migrate;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Check whether the database is up to date')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;migrate;help;status' {
            break
        }
        'better-auth;migrate;help;help' {
            break
        }
        'better-auth;adopt' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--write', '--write', [CompletionResultType]::ParameterName, 'Write the configuration to better-auth.toml, which must not exist yet')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;db' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check every row for values that cannot be read, and repair what is safe to repair')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all data into another database, and compare both row by row')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;db;check' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Longest list of values; all are counted')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Replace values that cannot be read by what they are read as, row by row')
            [CompletionResult]::new('--delete-orphans', '--delete-orphans', [CompletionResultType]::ParameterName, 'Delete rows that refer to a row that does not exist')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;db;copy' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Source [default: the configured database]')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Target')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--merge', '--merge', [CompletionResultType]::ParameterName, 'Copy into a database with other data, which is kept')
            [CompletionResult]::new('--mirror', '--mirror', [CompletionResultType]::ParameterName, 'Make an earlier copy equal to its source: delete rows that the source no longer has, replace changed ones')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be copied and write nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;db;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check every row for values that cannot be read, and repair what is safe to repair')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all data into another database, and compare both row by row')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;db;help;check' {
            break
        }
        'better-auth;db;help;copy' {
            break
        }
        'better-auth;db;help;help' {
            break
        }
        'better-auth;serve' {
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Host name or address to listen on')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Port to listen on; 0 selects a free port')
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Port to listen on; 0 selects a free port')
            [CompletionResult]::new('--engine', '--engine', [CompletionResultType]::ParameterName, 'HTTP engine')
            [CompletionResult]::new('--admin', '--admin', [CompletionResultType]::ParameterName, 'Address and port for /metrics, /healthz and /readyz (server.admin); no authentication')
            [CompletionResult]::new('--log-level', '--log-level', [CompletionResultType]::ParameterName, 'Log level; info includes every request')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'Format of the log on standard error')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--migrate', '--migrate', [CompletionResultType]::ParameterName, 'Migrate an existing database first')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a user with linked accounts and the number of sessions')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Update a user')
            [CompletionResult]::new('set-password', 'set-password', [CompletionResultType]::ParameterValue, 'Set a user''s password and revoke their sessions')
            [CompletionResult]::new('verify-email', 'verify-email', [CompletionResultType]::ParameterValue, 'Mark a user''s email as verified, or send a verification link')
            [CompletionResult]::new('send-reset', 'send-reset', [CompletionResultType]::ParameterValue, 'Send a password reset link to a user')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Create a user without a password and send a link to set one')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Unlock a user after too many wrong passwords')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users with their sessions and accounts')
            [CompletionResult]::new('set-role', 'set-role', [CompletionResultType]::ParameterValue, 'Set the role of a user')
            [CompletionResult]::new('ban', 'ban', [CompletionResultType]::ParameterValue, 'Ban a user and revoke their sessions')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Lift the ban of a user')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;users;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Maximum number of rows [default: 100]')
            [CompletionResult]::new('--offset', '--offset', [CompletionResultType]::ParameterName, 'Rows to skip')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'Only users whose name or email contains this text')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'A filter of a plugin; several must all match')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Field to sort by, then :asc or :desc')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Only users with this role')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--total', '--total', [CompletionResultType]::ParameterName, 'Count all matching rows; slow if there are many')
            [CompletionResult]::new('--banned', '--banned', [CompletionResultType]::ParameterName, 'Only users with a ban that has not expired')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;show' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;create' {
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'Email address')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Display name [default: the part of the address before the @]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'URL of a profile picture')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Value of an additional field (user.additionalFields); arrays and json as JSON')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password; other users of this machine can see it in the list of processes')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role, such as admin; separate several with commas')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Username for signing in')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--verified', '--verified', [CompletionResultType]::ParameterName, 'Mark the email as verified')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--no-password', '--no-password', [CompletionResultType]::ParameterName, 'Create the user without a password: password sign-in is disabled until one is set')
            [CompletionResult]::new('--if-not-exists', '--if-not-exists', [CompletionResultType]::ParameterName, 'Succeed without changes if the address is taken')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;update' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'New display name')
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'New email address; unverified unless --verified is given')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'New URL of a profile picture')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Value of an additional field (user.additionalFields); arrays and json as JSON')
            [CompletionResult]::new('--unset', '--unset', [CompletionResultType]::ParameterName, 'Remove the value of an additional field that is not required')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role, such as admin; separate several with commas')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Username for signing in')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--no-image', '--no-image', [CompletionResultType]::ParameterName, 'Remove the profile picture')
            [CompletionResult]::new('--verified', '--verified', [CompletionResultType]::ParameterName, 'Mark the email as verified')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Mark the email as not verified')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;set-password' {
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password; other users of this machine can see it in the list of processes')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--keep-sessions', '--keep-sessions', [CompletionResultType]::ParameterName, 'Keep the user''s sessions')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;verify-email' {
            [CompletionResult]::new('--callback-url', '--callback-url', [CompletionResultType]::ParameterName, 'Redirect URL of the link [default: a page of this server]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--send', '--send', [CompletionResultType]::ParameterName, 'Send a verification link instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;send-reset' {
            [CompletionResult]::new('--redirect-to', '--redirect-to', [CompletionResultType]::ParameterName, 'The page that receives the token [default: a form of this server]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;invite' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Display name [default: the part of the address before the @]')
            [CompletionResult]::new('--days', '--days', [CompletionResultType]::ParameterName, 'Lifetime of the link in days')
            [CompletionResult]::new('--redirect-to', '--redirect-to', [CompletionResultType]::ParameterName, 'The page that receives the token [default: a form of this server]')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Value of an additional field (user.additionalFields); arrays and json as JSON')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role, such as admin; separate several with commas')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Username for signing in')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Mark the email as not verified')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;unlock' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;delete' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;set-role' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;ban' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Reason; administrators can read it')
            [CompletionResult]::new('--expires-in', '--expires-in', [CompletionResultType]::ParameterName, 'Duration, such as 3600 (seconds), 90m, 12h or 7d [default: permanent]')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;unban' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;users;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a user with linked accounts and the number of sessions')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Update a user')
            [CompletionResult]::new('set-password', 'set-password', [CompletionResultType]::ParameterValue, 'Set a user''s password and revoke their sessions')
            [CompletionResult]::new('verify-email', 'verify-email', [CompletionResultType]::ParameterValue, 'Mark a user''s email as verified, or send a verification link')
            [CompletionResult]::new('send-reset', 'send-reset', [CompletionResultType]::ParameterValue, 'Send a password reset link to a user')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Create a user without a password and send a link to set one')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Unlock a user after too many wrong passwords')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users with their sessions and accounts')
            [CompletionResult]::new('set-role', 'set-role', [CompletionResultType]::ParameterValue, 'Set the role of a user')
            [CompletionResult]::new('ban', 'ban', [CompletionResultType]::ParameterValue, 'Ban a user and revoke their sessions')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Lift the ban of a user')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;users;help;list' {
            break
        }
        'better-auth;users;help;show' {
            break
        }
        'better-auth;users;help;create' {
            break
        }
        'better-auth;users;help;update' {
            break
        }
        'better-auth;users;help;set-password' {
            break
        }
        'better-auth;users;help;verify-email' {
            break
        }
        'better-auth;users;help;send-reset' {
            break
        }
        'better-auth;users;help;invite' {
            break
        }
        'better-auth;users;help;unlock' {
            break
        }
        'better-auth;users;help;delete' {
            break
        }
        'better-auth;users;help;set-role' {
            break
        }
        'better-auth;users;help;ban' {
            break
        }
        'better-auth;users;help;unban' {
            break
        }
        'better-auth;users;help;help' {
            break
        }
        'better-auth;sessions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, newest first')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke sessions, effective immediately')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;sessions;list' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Only sessions of this user; id or email address')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Maximum number of rows [default: 100]')
            [CompletionResult]::new('--offset', '--offset', [CompletionResultType]::ParameterName, 'Rows to skip')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Field to sort by, then :asc or :desc')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Include expired sessions')
            [CompletionResult]::new('--show-tokens', '--show-tokens', [CompletionResultType]::ParameterName, 'Include tokens, in JSON only; a token is enough to be signed in')
            [CompletionResult]::new('--total', '--total', [CompletionResultType]::ParameterName, 'Count all matching rows; slow if there are many')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;sessions;revoke' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'All sessions of this user; id or email address')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All sessions of all users')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;sessions;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, newest first')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke sessions, effective immediately')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;sessions;help;list' {
            break
        }
        'better-auth;sessions;help;revoke' {
            break
        }
        'better-auth;sessions;help;help' {
            break
        }
        'better-auth;create-user' {
            [CompletionResult]::new('--email', '--email', [CompletionResultType]::ParameterName, 'Email address')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Display name [default: the part of the address before the @]')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'URL of a profile picture')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'Value of an additional field (user.additionalFields); arrays and json as JSON')
            [CompletionResult]::new('--password', '--password', [CompletionResultType]::ParameterName, 'The password; other users of this machine can see it in the list of processes')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Role, such as admin; separate several with commas')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Username for signing in')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--verified', '--verified', [CompletionResultType]::ParameterName, 'Mark the email as verified')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--no-password', '--no-password', [CompletionResultType]::ParameterName, 'Create the user without a password: password sign-in is disabled until one is set')
            [CompletionResult]::new('--if-not-exists', '--if-not-exists', [CompletionResultType]::ParameterName, 'Succeed without changes if the address is taken')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;list-users' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Maximum number of rows [default: 100]')
            [CompletionResult]::new('--offset', '--offset', [CompletionResultType]::ParameterName, 'Rows to skip')
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'Only users whose name or email contains this text')
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'A filter of a plugin; several must all match')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Field to sort by, then :asc or :desc')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Only users with this role')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--total', '--total', [CompletionResultType]::ParameterName, 'Count all matching rows; slow if there are many')
            [CompletionResult]::new('--banned', '--banned', [CompletionResultType]::ParameterName, 'Only users with a ban that has not expired')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;revoke-sessions' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'All sessions of this user; id or email address')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All sessions of all users')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;accounts' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a user''s linked accounts, without secrets')
            [CompletionResult]::new('unlink', 'unlink', [CompletionResultType]::ParameterValue, 'Unlink an account of a user')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;accounts;list' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Id or email address of the user')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;accounts;unlink' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Id or email address of the user')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;accounts;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a user''s linked accounts, without secrets')
            [CompletionResult]::new('unlink', 'unlink', [CompletionResultType]::ParameterValue, 'Unlink an account of a user')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;accounts;help;list' {
            break
        }
        'better-auth;accounts;help;unlink' {
            break
        }
        'better-auth;accounts;help;help' {
            break
        }
        'better-auth;providers' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the configured providers, with what to enter in their consoles')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that sign-in with the configured providers works')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;providers;list' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;providers;check' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;providers;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the configured providers, with what to enter in their consoles')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that sign-in with the configured providers works')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;providers;help;list' {
            break
        }
        'better-auth;providers;help;check' {
            break
        }
        'better-auth;providers;help;help' {
            break
        }
        'better-auth;mail' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List emails, newest first')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Retry failed emails')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send pending emails once')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test email now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;mail;list' {
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only emails with this status')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Maximum number of rows [default: 100]')
            [CompletionResult]::new('--offset', '--offset', [CompletionResultType]::ParameterName, 'Rows to skip')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;mail;retry' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All failed emails')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;mail;send' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;mail;test' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;mail;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List emails, newest first')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Retry failed emails')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send pending emails once')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test email now')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;mail;help;list' {
            break
        }
        'better-auth;mail;help;retry' {
            break
        }
        'better-auth;mail;help;send' {
            break
        }
        'better-auth;mail;help;test' {
            break
        }
        'better-auth;mail;help;help' {
            break
        }
        'better-auth;secret' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print a new secret for signing cookies')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;secret;generate' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;secret;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print a new secret for signing cookies')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;secret;help;generate' {
            break
        }
        'better-auth;secret;help;help' {
            break
        }
        'better-auth;config' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the configuration file, for editors')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;config;schema' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;config;help' {
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the configuration file, for editors')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;config;help;schema' {
            break
        }
        'better-auth;config;help;help' {
            break
        }
        'better-auth;info' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;completions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Configuration file [default: better-auth.toml or better-auth.json in the current directory]')
            [CompletionResult]::new('--database', '--database', [CompletionResultType]::ParameterName, 'Database, such as sqlite:better-auth.db or a PostgreSQL URL')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Format of the data on standard output')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only data, warnings and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'better-auth;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a configuration file with a new secret')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Create the tables, or add what is missing in an existing database')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Find the configuration that opens a database of Better Auth')
            [CompletionResult]::new('db', 'db', [CompletionResultType]::ParameterValue, 'Copy all data to another database')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve the REST API')
            [CompletionResult]::new('users', 'users', [CompletionResultType]::ParameterValue, 'Manage users')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'Manage sessions')
            [CompletionResult]::new('create-user', 'create-user', [CompletionResultType]::ParameterValue, 'Create a user; the same as `users create`')
            [CompletionResult]::new('list-users', 'list-users', [CompletionResultType]::ParameterValue, 'List users; the same as `users list`')
            [CompletionResult]::new('revoke-sessions', 'revoke-sessions', [CompletionResultType]::ParameterValue, 'Revoke sessions; the same as `sessions revoke`')
            [CompletionResult]::new('accounts', 'accounts', [CompletionResultType]::ParameterValue, 'Manage linked accounts (password, Google, …)')
            [CompletionResult]::new('providers', 'providers', [CompletionResultType]::ParameterValue, 'List and check OAuth and OpenID Connect providers')
            [CompletionResult]::new('mail', 'mail', [CompletionResultType]::ParameterValue, 'List and send emails')
            [CompletionResult]::new('secret', 'secret', [CompletionResultType]::ParameterValue, 'Generate secrets')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Describe the configuration file')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'Show version, configuration and database, without secrets')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'better-auth;help;init' {
            break
        }
        'better-auth;help;migrate' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Check whether the database is up to date')
            break
        }
        'better-auth;help;migrate;status' {
            break
        }
        'better-auth;help;adopt' {
            break
        }
        'better-auth;help;db' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check every row for values that cannot be read, and repair what is safe to repair')
            [CompletionResult]::new('copy', 'copy', [CompletionResultType]::ParameterValue, 'Copy all data into another database, and compare both row by row')
            break
        }
        'better-auth;help;db;check' {
            break
        }
        'better-auth;help;db;copy' {
            break
        }
        'better-auth;help;serve' {
            break
        }
        'better-auth;help;users' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List users, newest first')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a user with linked accounts and the number of sessions')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Create a user')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Update a user')
            [CompletionResult]::new('set-password', 'set-password', [CompletionResultType]::ParameterValue, 'Set a user''s password and revoke their sessions')
            [CompletionResult]::new('verify-email', 'verify-email', [CompletionResultType]::ParameterValue, 'Mark a user''s email as verified, or send a verification link')
            [CompletionResult]::new('send-reset', 'send-reset', [CompletionResultType]::ParameterValue, 'Send a password reset link to a user')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Create a user without a password and send a link to set one')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Unlock a user after too many wrong passwords')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete users with their sessions and accounts')
            [CompletionResult]::new('set-role', 'set-role', [CompletionResultType]::ParameterValue, 'Set the role of a user')
            [CompletionResult]::new('ban', 'ban', [CompletionResultType]::ParameterValue, 'Ban a user and revoke their sessions')
            [CompletionResult]::new('unban', 'unban', [CompletionResultType]::ParameterValue, 'Lift the ban of a user')
            break
        }
        'better-auth;help;users;list' {
            break
        }
        'better-auth;help;users;show' {
            break
        }
        'better-auth;help;users;create' {
            break
        }
        'better-auth;help;users;update' {
            break
        }
        'better-auth;help;users;set-password' {
            break
        }
        'better-auth;help;users;verify-email' {
            break
        }
        'better-auth;help;users;send-reset' {
            break
        }
        'better-auth;help;users;invite' {
            break
        }
        'better-auth;help;users;unlock' {
            break
        }
        'better-auth;help;users;delete' {
            break
        }
        'better-auth;help;users;set-role' {
            break
        }
        'better-auth;help;users;ban' {
            break
        }
        'better-auth;help;users;unban' {
            break
        }
        'better-auth;help;sessions' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, newest first')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'Revoke sessions, effective immediately')
            break
        }
        'better-auth;help;sessions;list' {
            break
        }
        'better-auth;help;sessions;revoke' {
            break
        }
        'better-auth;help;create-user' {
            break
        }
        'better-auth;help;list-users' {
            break
        }
        'better-auth;help;revoke-sessions' {
            break
        }
        'better-auth;help;accounts' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List a user''s linked accounts, without secrets')
            [CompletionResult]::new('unlink', 'unlink', [CompletionResultType]::ParameterValue, 'Unlink an account of a user')
            break
        }
        'better-auth;help;accounts;list' {
            break
        }
        'better-auth;help;accounts;unlink' {
            break
        }
        'better-auth;help;providers' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the configured providers, with what to enter in their consoles')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that sign-in with the configured providers works')
            break
        }
        'better-auth;help;providers;list' {
            break
        }
        'better-auth;help;providers;check' {
            break
        }
        'better-auth;help;mail' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List emails, newest first')
            [CompletionResult]::new('retry', 'retry', [CompletionResultType]::ParameterValue, 'Retry failed emails')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send pending emails once')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Send a test email now')
            break
        }
        'better-auth;help;mail;list' {
            break
        }
        'better-auth;help;mail;retry' {
            break
        }
        'better-auth;help;mail;send' {
            break
        }
        'better-auth;help;mail;test' {
            break
        }
        'better-auth;help;secret' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Print a new secret for signing cookies')
            break
        }
        'better-auth;help;secret;generate' {
            break
        }
        'better-auth;help;config' {
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the configuration file, for editors')
            break
        }
        'better-auth;help;config;schema' {
            break
        }
        'better-auth;help;info' {
            break
        }
        'better-auth;help;completions' {
            break
        }
        'better-auth;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
