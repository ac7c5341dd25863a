package io.duplexer.app.reflection;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server for its services, by version 1 of the protocol or by its older twin. Blocks.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/server-reflection.md">GRPC Server Reflection Protocol</a>
 */
final class ReflectionClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_FILES = 1_000;
    /** Services of gRPC itself that say nothing of the server. */
    private static final String REFLECTION = "grpc.reflection.";

    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1 =
            ServerReflectionGrpc.getServerReflectionInfoMethod();
    /** The same messages under another name. */
    private static final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> V1_ALPHA = V1.toBuilder()
            .setFullMethodName("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
            .build();

    private final Channel channel;
    private final MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method;
    private final Map<String, FileDescriptorProto> files = new HashMap<>();
    private final Map<String, FileDescriptor> linked = new HashMap<>();

    private ReflectionClient(
            Channel channel, MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method) {
        this.channel = channel;
        this.method = method;
    }

    /**
     * The services of a server but for reflection.
     *
     * @throws StatusRuntimeException if the server does not answer, or has no reflection
     */
    static List<ServiceDescriptor> services(Channel channel) {
        try {
            return new ReflectionClient(channel, V1).services();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
                throw e;
            }
            return new ReflectionClient(channel, V1_ALPHA).services();
        }
    }

    private List<ServiceDescriptor> services() {
        var services = new ArrayList<ServiceDescriptor>();
        var listed =
                ask(ServerReflectionRequest.newBuilder().setListServices("").build());
        for (var service : listed.getListServicesResponse().getServiceList()) {
            if (!service.getName().startsWith(REFLECTION)) {
                var described = describe(service.getName());
                if (described != null) {
                    services.add(described);
                }
            }
        }
        return services;
    }

    private @Nullable ServiceDescriptor describe(String service) {
        var file = add(ask(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(service)
                .build()));
        if (file == null) {
            return null; // A server may list what it cannot describe.
        }
        return link(file).getServices().stream()
                .filter(each -> each.getFullName().equals(service))
                .findFirst()
                .orElse(null);
    }

    /** Returns the name of the file that was asked for, which comes first. */
    private @Nullable String add(ServerReflectionResponse response) {
        @Nullable String first = null;
        for (var bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            try {
                var file = FileDescriptorProto.parseFrom(bytes);
                files.put(file.getName(), file);
                first = first == null ? file.getName() : first;
            } catch (InvalidProtocolBufferException e) {
                throw malformed(e);
            }
        }
        if (files.size() > MAX_FILES) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("reflection: too many files")
                    .asRuntimeException();
        }
        return first;
    }

    private FileDescriptor link(String name) {
        var known = linked.get(name);
        if (known != null) {
            return known;
        }
        var file = files.get(name);
        if (file == null) {
            add(ask(ServerReflectionRequest.newBuilder().setFileByFilename(name).build()));
            file = files.get(name);
        }
        if (file == null) {
            throw Status.NOT_FOUND
                    .withDescription("reflection: no file " + name)
                    .asRuntimeException();
        }
        var dependencies = file.getDependencyList().stream().map(this::link).toArray(FileDescriptor[]::new);
        try {
            var descriptor = FileDescriptor.buildFrom(file, dependencies, true);
            linked.put(name, descriptor);
            return descriptor;
        } catch (DescriptorValidationException e) {
            throw malformed(e);
        }
    }

    private static StatusRuntimeException malformed(Exception cause) {
        return Status.INTERNAL
                .withDescription("reflection: not descriptors")
                .withCause(cause)
                .asRuntimeException();
    }

    private ServerReflectionResponse ask(ServerReflectionRequest request) {
        var options = CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        var call = channel.newCall(method, options);
        var response = new Answer();
        var requests = ClientCalls.asyncBidiStreamingCall(call, response);
        requests.onNext(request);
        requests.onCompleted();
        return response.await();
    }
}
