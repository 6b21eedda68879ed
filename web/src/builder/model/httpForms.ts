// The forms of HTTP calls: an endpoint is a URL, or a URL with authentication. Pure.

import { aside, field, hint, map, object, type KindForm } from "./formParts";
import { isData } from "./outline";

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

export const answerFields = {
  output: {
    ...field("Result", "The content, the whole answer, or the bytes.", aside()),
    enum: ["content", "response", "raw"],
  },
  redirect: {
    type: "boolean",
    title: "Follow redirects",
    description: "And take 3xx for no error.",
    ...aside(),
  },
};
export const authentication = {
  title: "Authentication",
  description: "One of use (a name of use.authentications), basic, bearer, digest, oauth2, oidc.",
  examples: ["bearer: { token: '${ $secrets.shop }' }"],
  ...hint("code"),
};
const endpointField = field("URL", "May have {names} of the input in it.", {
  examples: ["https://shop.example.com/pets/{petId}"],
});

/** An endpoint is a URL, or a URL with authentication. */
export function httpForms(endpoint: unknown): readonly KindForm[] {
  const isPlain = !isData(endpoint);
  const call: KindForm = {
    path: ["with"],
    schema: object(
      {
        method: {
          ...field("Method", "GET and HEAD read, the others change something."),
          enum: methods,
        },
        ...(isPlain ? { endpoint: endpointField } : {}),
        query: map("Query", "Parameters behind the ?."),
        headers: map("Headers", "Sent along. Secrets by ${ $secrets.name }."),
        body: { title: "Body", description: "JSON, or text.", ...hint("code") },
        ...answerFields,
      },
      isPlain ? ["method", "endpoint"] : ["method"],
    ),
  };
  if (isPlain) return [call];
  const signedIn: KindForm = {
    path: ["with", "endpoint"],
    schema: object({ uri: endpointField, authentication }, ["uri"]),
  };
  return [signedIn, call];
}
