package import Expressions

/// The description of the API (OpenAPI 3.1), made of the table of endpoints and of shapes.
///
/// `docs/openapi.yaml` is it; a test compares.
package enum OpenAPIDocument {
    /// The whole document, as YAML.
    package static var text: String {
        "# Made of the server's table of endpoints; see docs/API.md.\n" + value.yaml
    }

    /// The whole document.
    package static var value: Value {
        var paths: [String: Value] = [:]
        for endpoint in EndpointTable.all {
            var operations = [String: Value]()
            if case .object(let before)? = paths[endpoint.path] { operations = before }
            operations[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[endpoint.path] = .object(operations)
        }
        var schemas: [String: Value] = [:]
        for shape in ShapeTable.all { schemas[shape.name] = ShapeText.schema(shape.members) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Waybill", "version": "1",
                "description":
                    "What ran where, since when, who put it there, and back. See docs/API.md.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "http://127.0.0.1:8080"]],
            "security": [["token": []], ["session": []]],
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": "waybill-session-8080"],
                ],
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint) -> Value {
        var members: [String: Value] = [
            "summary": .string(endpoint.summary), "tags": [.string(endpoint.tag)],
            "operationId": .string(operationID(endpoint)),
            "responses": .object(responses(endpoint)),
        ]
        if !endpoint.parameters.isEmpty {
            members["parameters"] = .array(endpoint.parameters.map(parameter))
        }
        if endpoint.admission == .anybody { members["security"] = [] }
        if let body = endpoint.body {
            members["requestBody"] = [
                "required": .bool(body.contains(where: \.isRequired)),
                "content": ["application/json": ["schema": object(body)]],
            ]
        } else if endpoint.tag == "hooks" {
            members["requestBody"] = [
                "required": true, "content": ["application/json": ["schema": ["type": "object"]]],
            ]
        } else if ["/v1/apply", "/v1/validate"].contains(endpoint.path) {
            members["requestBody"] = [
                "required": true,
                "content": ["application/yaml": ["schema": ["type": "string"]]],
            ]
        }
        return .object(members)
    }

    private static func operationID(_ endpoint: Endpoint) -> String {
        let words = endpoint.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "v1" }
        return endpoint.method.rawValue.lowercased()
            + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    private static func parameter(_ parameter: Endpoint.Parameter) -> Value {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "description": .string(parameter.summary), "required": .bool(parameter.isRequired),
            "schema": schema(parameter),
        ]
    }

    private static func schema(_ parameter: Endpoint.Parameter) -> Value {
        var one: [String: Value] = ["type": .string(parameter.type)]
        if !parameter.values.isEmpty {
            one["enum"] = .array(parameter.values.map { .string($0) })
        }
        return parameter.isList ? ["type": "array", "items": .object(one)] : .object(one)
    }

    private static func object(_ fields: [Endpoint.Parameter]) -> Value {
        var properties: [String: Value] = [:]
        for field in fields {
            guard case .object(var members) = schema(field) else { continue }
            members["description"] = .string(field.summary)
            properties[field.name] = .object(members)
        }
        var schema: [String: Value] = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = fields.filter(\.isRequired).map { Value.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    // MARK: - Answers

    private static func responses(_ endpoint: Endpoint) -> [String: Value] {
        var responses: [String: Value] = [
            "default": [
                "description": "Why it is not answered (RFC 9457); see docs/API.md for when.",
                "content": [
                    "application/problem+json": [
                        "schema": ["$ref": "#/components/schemas/Problem"]
                    ]
                ],
            ]
        ]
        let (status, content) = AnswerShapes.content(of: endpoint)
        var answer: [String: Value] = ["description": .string(endpoint.summary)]
        if !content.isEmpty { answer["content"] = .object(content) }
        responses[status] = .object(answer)
        if endpoint.path == "/health" { responses["503"] = .object(answer) }
        if endpoint.method == .get, endpoint.path.hasPrefix("/v1/") {
            responses["304"] = ["description": "The log has not grown since If-None-Match."]
        }
        return responses
    }
}
