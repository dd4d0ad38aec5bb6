package org.libspatio.android;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.inject.Inject;
import org.robolectric.internal.dependency.DependencyResolver;
import org.robolectric.pluginapi.Sdk;
import org.robolectric.plugins.DefaultSdkProvider;

/** Android 7.0 alone: else Robolectric wants the newest that it knows as well, for its resources. */
public class OneAndroid extends DefaultSdkProvider {
    @Inject
    public OneAndroid(DependencyResolver resolver) {
        super(resolver);
    }

    @Override
    public Collection<Sdk> getSdks() {
        List<Sdk> one = new ArrayList<>();
        for (Sdk sdk : super.getSdks()) {
            if (sdk.getApiLevel() == 24) {
                one.add(sdk);
            }
        }
        return one;
    }
}
