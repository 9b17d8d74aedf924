/** Values for jqwik's properties; needs {@code net.jqwik:jqwik-api}. */
package io.github.epollo.testkit.jqwik;
