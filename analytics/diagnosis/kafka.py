"""The known errors of Kafka, as its brokers and its clients in Java, C and Python word them."""

from __future__ import annotations

from analytics.diagnosis.known import Known

KNOWN = (
    Known(
        r"SaslAuthenticationException|SaslAuthenticationFailed|Authentication failed: Invalid cred"
        r"|SASL authentication error",
        "Kafka refuses the login",
        "correct user, password and mechanism",
    ),
    Known(
        r"(?:Topic|Cluster|Group|TransactionalId)Authorization(?:Exception|Failed)"
        r"|(?:Topic|Group|Cluster) authorization failed|Not authorized to access",
        "Kafka does not let its user do this",
        "grant it what is named (kafka-acls.sh --add)",
    ),
    Known(
        r"SslHandshakeException|SSL handshake failed|SSLV3_ALERT|certificate verify failed",
        "TLS with Kafka fails",
        "give it the CA of the broker, and the broker's name as in its certificate",
    ),
    Known(
        r"UnknownTopicOrPartition|Unknown topic or partition|not present in metadata after",
        "a topic that it needs is not there",
        "create it in an earlier revision: op.create_topic()",
        lasts=False,
    ),
    Known(
        r"RecordTooLargeException|larger than the max|MessageSizeTooLarge|Message size too large",
        "a message is larger than the topic or the producer takes",
        "raise max.message.bytes of the topic (op.change_topic) and "
        "producer.override.max.request.size",
    ),
    Known(
        r"InvalidReplicationFactor|[Rr]eplication factor.*larger than|Unable to replicate the part",
        "there are fewer brokers than replicas asked for",
        "ask for fewer, or start the other brokers",
    ),
    Known(
        r"InvalidPartitions(?:Exception|Error)|[Nn]umber of partitions",
        "the number of partitions is not possible",
        "correct it: it is at least 1, and never less than before",
    ),
    Known(
        r"InvalidTopic(?:Exception|Error)|Invalid topic|is (?:illegal|invalid).*topic",
        "the name is not valid for a topic",
        "use letters, digits, dot, underline and minus, at most 249",
    ),
    Known(
        r"InvalidConfiguration(?:Exception|Error)|Unknown topic config name|InvalidConfig",
        "a setting of the topic is not accepted",
        "correct the key or the value that is named",
    ),
    Known(
        r"PolicyViolation",
        "a policy of the broker forbids it",
        "ask who runs the broker, or choose other settings",
    ),
    Known(
        r"NotEnoughReplicas",
        "fewer replicas are in sync than min.insync.replicas",
        "start the other brokers, or lower it for the topic",
        lasts=False,
    ),
    Known(
        r"OffsetOutOfRange|Offset out of range",
        "messages that it wants to read were deleted by the topic's retention",
        "raise retention.ms, and send the rows again that are missing",
    ),
    Known(
        r"NoBrokersAvailable|Bootstrap broker .* disconnected|could not be established"
        r"|Broker transport failure|ALL_BROKERS_DOWN|Unable to bootstrap",
        "no broker answers",
        "start Kafka, or correct its address",
        lasts=False,
    ),
    Known(
        r"KafkaStorageException|Disk error when",
        "the broker cannot write to its disk",
        "free space there, or repair the disk",
        lasts=False,
    ),
    Known(
        r"UnsupportedVersion",
        "the broker is older than what is asked of it",
        "use a newer one (2.8 or later)",
    ),
)
