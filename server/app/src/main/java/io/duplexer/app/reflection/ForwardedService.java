package io.duplexer.app.reflection;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;

/** A service that is known by its descriptor, and served by a remote server: its unary calls, which forms can make. */
final class ForwardedService {
    private ForwardedService() {}

    static ServerServiceDefinition of(ServiceDescriptor service, Channel channel) {
        var schema = io.grpc.ServiceDescriptor.newBuilder(service.getFullName())
                .setSchemaDescriptor(new Schema(service.getFile()));
        var methods =
                service.getMethods().stream().map(ForwardedService::method).toList();
        methods.forEach(schema::addMethod);
        var definition = ServerServiceDefinition.builder(schema.build());
        methods.forEach(method -> definition.addMethod(method, handler(method, channel)));
        return definition.build();
    }

    private record Schema(FileDescriptor getFileDescriptor) implements ProtoFileDescriptorSupplier {}

    private static MethodDescriptor<Message, Message> method(com.google.protobuf.Descriptors.MethodDescriptor method) {
        var proto = method.toProto();
        return MethodDescriptor.<Message, Message>newBuilder()
                .setType(type(proto.getClientStreaming(), proto.getServerStreaming()))
                .setFullMethodName(MethodDescriptor.generateFullMethodName(
                        method.getService().getFullName(), method.getName()))
                .setRequestMarshaller(marshaller(method.getInputType()))
                .setResponseMarshaller(marshaller(method.getOutputType()))
                .build();
    }

    private static MethodDescriptor.Marshaller<Message> marshaller(Descriptor type) {
        return ProtoUtils.marshaller((Message) DynamicMessage.getDefaultInstance(type));
    }

    private static MethodType type(boolean clientStreaming, boolean serverStreaming) {
        if (clientStreaming) {
            return serverStreaming ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
        }
        return serverStreaming ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }

    private static ServerCallHandler<Message, Message> handler(
            MethodDescriptor<Message, Message> method, Channel channel) {
        if (method.getType() == MethodType.UNARY) {
            return ServerCalls.asyncUnaryCall((request, response) ->
                    ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, response));
        }
        return (call, headers) -> {
            call.close(Status.UNIMPLEMENTED.withDescription("streams cannot be made from a form"), new Metadata());
            return new ServerCall.Listener<>() {};
        };
    }
}
