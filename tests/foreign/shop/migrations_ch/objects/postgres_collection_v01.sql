CREATE NAMED COLLECTION ${postgres_collection} AS
    host     = '${postgres_host}',
    port     = ${postgres_port},
    database = '${postgres_database}',
    schema   = 'shop',
    user     = '${clickhouse_role}',
    password = '${clickhouse_role_password}'
