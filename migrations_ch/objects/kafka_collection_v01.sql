CREATE NAMED COLLECTION ${kafka_collection} AS
    kafka_broker_list       = '${kafka_brokers}',
    kafka_security_protocol = '${kafka_security_protocol}',
    kafka_sasl_mechanism    = '${kafka_sasl_mechanism}',
    kafka_sasl_username     = '${kafka_username}',
    kafka_sasl_password     = '${kafka_password}'
