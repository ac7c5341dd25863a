package io.duplexer.bridge.websocket;

import java.nio.charset.StandardCharsets;

/**
 * A close code and its reason (RFC 6455, section 7.4). Of the codes for libraries this project uses 3000-3499 for
 * "reconnect" and 3500-3999 for "do not".
 *
 * @param code 1000-4999; {@link #NO_CODE} and {@link #ABNORMAL} are only ever reported, never sent
 * @param reason at most 123 bytes of UTF-8 go to the peer; what is longer is cut off between characters
 */
public record CloseStatus(int code, String reason) {
    /** The purpose is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");
    /** The server stops, or the page goes away. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "going away");
    /** The peer broke RFC 6455. */
    public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "protocol error");
    /** A kind of message that the endpoint does not take. */
    public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "unsupported data");
    /** Reported only: the peer closed without a code, as a page's {@code close()} does. */
    public static final CloseStatus NO_CODE = new CloseStatus(1005, "");
    /** Reported only: the connection was lost without a Close frame. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");
    /** Text that is not UTF-8, or a message that does not make sense. */
    public static final CloseStatus INVALID_DATA = new CloseStatus(1007, "invalid data");
    /** The endpoint's own rules were broken. */
    public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "policy violation");
    /** A frame or message above the limits of {@link WebSocketConfig}. */
    public static final CloseStatus MESSAGE_TOO_LARGE = new CloseStatus(1009, "message too large");
    /** A fault of the endpoint. */
    public static final CloseStatus SERVER_ERROR = new CloseStatus(1011, "internal error");
    /** Reconnect: the peer reads more slowly than it is sent to, see {@link WebSocketConfig#maxQueuedBytes()}. */
    public static final CloseStatus SLOW_CONSUMER = new CloseStatus(3008, "slow consumer");
    /** Reconnect: no pong in time, see {@link WebSocketConfig#pongTimeout()}. */
    public static final CloseStatus PONG_TIMEOUT = new CloseStatus(3012, "pong timeout");
    /** Do not reconnect: a limit of connections is reached. */
    public static final CloseStatus TOO_MANY_CONNECTIONS = new CloseStatus(3501, "too many connections");

    /** The longest reason in bytes: a control frame carries 125 bytes, two of which are the code (section 5.5). */
    static final int MAX_REASON_BYTES = 123;

    public CloseStatus {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("code: " + code + " (expected: 1000-4999)");
        }
    }

    org.eclipse.jetty.websocket.core.CloseStatus toJetty() {
        return new org.eclipse.jetty.websocket.core.CloseStatus(code, sendableReason());
    }

    static CloseStatus of(org.eclipse.jetty.websocket.core.CloseStatus status) {
        String reason = status.getReason();
        return new CloseStatus(status.getCode(), reason == null ? "" : reason);
    }

    /** The same code with another reason. */
    public CloseStatus withReason(String newReason) {
        return new CloseStatus(code, newReason);
    }

    /**
     * Whether the code may be put into a Close frame: 1000-1003, 1007-1014 and 3000-4999 (section 7.4 and the IANA
     * registry).
     */
    public boolean isSendable() {
        return (code <= 1003) || (code >= 1007 && code <= 1014) || code >= 3000;
    }

    /** The reason as it fits into a Close frame. */
    String sendableReason() {
        if (reason.getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES) {
            return reason;
        }
        int end = 0;
        int bytes = 0;
        while (end < reason.length()) {
            int codePoint = reason.codePointAt(end);
            bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MAX_REASON_BYTES) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return reason.substring(0, end);
    }
}
