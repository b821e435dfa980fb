CREATE NAMED COLLECTION ${kafka_collection} AS
    kafka_broker_list = '${kafka_brokers}'
