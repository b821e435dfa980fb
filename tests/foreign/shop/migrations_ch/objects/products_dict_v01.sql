CREATE DICTIONARY products_dict
(
    id       UInt64,
    title    String DEFAULT '',
    category String DEFAULT '',
    price    Decimal(12, 2)
)
PRIMARY KEY id
SOURCE(POSTGRESQL(
    NAME ${postgres_collection}
    TABLE 'products'
))
LAYOUT(HASHED())
LIFETIME(MIN 1 MAX 2)
